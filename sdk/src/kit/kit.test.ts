import fc from 'fast-check'
import { type Hex, keccak256, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { isRekeyError } from '../errors/base.ts'
import { createTestPasskey } from '../testing/fixtures.ts'
import { createTestKit, testContracts } from '../testing/kitFixture.ts'
import type { CredentialRecord } from '../webauthn/credential.ts'
import { hashJson } from './canonicalJson.ts'
import { kitPhrase } from './describeKit.ts'
import { recoveryFromKit } from './exportKit.ts'
import type { RecoveryKit } from './kit.ts'
import { toKitHtml } from './kitHtml.ts'
import { kitHash, toKitJson } from './kitJson.ts'
import { kitFileName, toKitText } from './kitText.ts'
import { plainName } from './plainName.ts'
import { kitMarkers, readKit } from './readKit.ts'
import { readSheet, toSheetText } from './sheet.ts'

let passkey: CredentialRecord
let kit: RecoveryKit
const contracts = { contracts: testContracts } as const
const page = 'https://auth.example.com/recover'

beforeAll(async () => {
  passkey = (await createTestPasskey('owner of a kit')).created.credential
  kit = createTestKit(passkey)
})

const codeOf = (read: () => unknown): string => {
  try {
    read()
    return 'read'
  } catch (error) {
    return isRekeyError(error) ? error.code : `untyped ${String(error)}`
  }
}
/** JSON of a kit that was changed by somebody who knows how the checksum is made. */
const resealed = (change: (json: Record<string, unknown>) => void): unknown => {
  const { checksum: _, ...json } = structuredClone(toKitJson(kit)) as Record<string, unknown>
  change(json)
  return { ...json, checksum: hashJson(json) }
}
const forms: Readonly<Record<string, (kit: RecoveryKit) => unknown>> = {
  object: toKitJson,
  JSON: (kit) => JSON.stringify(toKitJson(kit)),
  'indented JSON': (kit) => JSON.stringify(toKitJson(kit), null, 2),
  text: (kit) => toKitText(kit),
  page: (kit) => toKitHtml(kit),
}

const anyKit = fc
  .record({
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    handle: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    hasGenesisPolicy: fc.boolean(),
    count: fc.integer({ min: 1, max: 20 }),
    name: fc.option(fc.string({ unit: 'binary', maxLength: 80 }), { nil: undefined }),
    createdAt: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  })
  .map(({ salt, handle, name, createdAt, ...rest }): RecoveryKit => {
    const { name: _, ...kit } = createTestKit(passkey, { salt: toHex(salt), handle: toHex(handle), ...rest })
    return { ...kit, createdAt, ...(name !== undefined && { name: plainName(name) }) }
  })

describe('a kit', () => {
  test.each(Object.entries(forms))('is read back from its %s', (_, write) => {
    fc.assert(
      fc.property(anyKit, (kit) => {
        expect(readKit(write(kit), contracts)).toEqual(kit)
      }),
    )
  })

  test('is the same by hash and words in each form, and another when anything differs', () => {
    const hashes = Object.values(forms).map((write) => kitHash(readKit(write(kit), contracts)))
    expect(new Set(hashes).size).toBe(1)
    expect(kitPhrase(kit)).toMatch(/^\w+ \w+ \w+ \w+$/)
    expect(kitHash({ ...kit, createdAt: kit.createdAt + 1 })).not.toBe(kitHash(kit))
    expect(toKitText(kit)).toContain(kitPhrase(kit))
    expect(toKitHtml(kit)).toContain(kitPhrase(kit))
  })

  test('does not mind the order of keys, nor lines that a mail program broke or indented', () => {
    const json = toKitJson(kit)
    const reversed = Object.fromEntries(Object.entries(json).reverse())
    expect(readKit(reversed, contracts)).toEqual(kit)
    const text = toKitText(kit).replace(/(.{60})(?=.)/g, '$1\r\n')
    expect(readKit(text.replaceAll('\r\n', '\r\n\t'), contracts)).toEqual(kit)
  })

  test('gives what a recovery takes', () => {
    expect(recoveryFromKit(kit)).toEqual({
      account: kit.account,
      genesis: kit.genesis,
      policies: [kit.policies[0]?.bytes],
    })
    expect(kitFileName(kit, 'txt')).toMatch(/^rekey-recovery-kit-[0-9a-f]{6}\.txt$/)
  })

  test('[252] shows names without what turns, hides or breaks lines', () => {
    expect(plainName(' Ada\u202egro.elgoog\u0000\n Lovelace\u200b ')).toBe('Ada gro.elgoog Lovelace')
    expect(plainName('x'.repeat(100))).toHaveLength(64)
    const named = { ...kit, name: '<script>alert(1)</script> & "x"' }
    const html = toKitHtml(named)
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;')
    expect(readKit(html, contracts)).toEqual(named)
  })
})

describe('a bad kit is refused', () => {
  test.each(Object.entries(forms).filter(([name]) => name !== 'object'))(
    '%s with any bit changed, or the same',
    (_, write) => {
      const bytes = new TextEncoder().encode(String(write(kit)))
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
          const changed = bytes.slice()
          changed[at] = (changed[at] ?? 0) ^ (1 << bit)
          const read = () => readKit(new TextDecoder().decode(changed), contracts)
          const code = codeOf(read)
          // Outside of its JSON and in the space between its parts a kit may say anything.
          if (code === 'read') expect(read()).toEqual(kit)
          else expect(code).toMatch(/^KIT_/)
        }),
      )
    },
  )

  test('every single bit of every value in it is covered by the checksum', () => {
    const json = JSON.stringify(toKitJson(kit))
    const bytes = new TextEncoder().encode(json)
    const codes = new Map<string, number>()
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      const code = codeOf(() => readKit(new TextDecoder().decode(changed), contracts))
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(codes.get('read')).toBeUndefined()
    expect([...codes.keys()].every((code) => code.startsWith('KIT_'))).toBe(true)
    expect(codes.get('KIT_CHECKSUM')).toBeGreaterThan(100)
  })

  test.each(Object.entries(forms).filter(([name]) => name !== 'object'))('%s that is cut anywhere', (name, write) => {
    const text = String(write(kit))
    const end = text.indexOf(kitMarkers.end)
    const last = end === -1 ? text.length - 1 : end + kitMarkers.end.length - 1
    fc.assert(
      fc.property(fc.integer({ min: 1, max: last }), (length) => {
        const code = codeOf(() => readKit(text.slice(0, length), contracts))
        const hasBegun = end === -1 || text.slice(0, length).includes(kitMarkers.begin)
        expect([name, code]).toEqual([name, hasBegun ? 'KIT_TRUNCATED' : 'KIT_INVALID'])
      }),
    )
  })

  test('by a newer release, with a remedy', () => {
    const newer = resealed((json) => Object.assign(json, { version: 2 }))
    expect(() => readKit(newer, contracts)).toThrow(
      expect.objectContaining({ code: 'KIT_VERSION', seen: 2, metaMessages: [expect.stringContaining('Update')] }),
    )
    expect(codeOf(() => readKit({ ...toKitJson(kit), version: 0 }, contracts))).toBe('KIT_INVALID')
  })

  test('of another account, and for other contracts', () => {
    const account = `0x${'12'.repeat(20)}` as const
    expect(() => readKit(toKitText(kit), { ...contracts, account })).toThrow(
      expect.objectContaining({ code: 'KIT_ACCOUNT', seen: kit.account }),
    )
    expect(readKit(toKitText(kit), { ...contracts, account: kit.account })).toEqual(kit)
    expect(codeOf(() => readKit(toKitText(kit)))).toBe('KIT_CONTRACTS')
    expect(readKit(toKitText(kit), { contracts: 'ofKit' })).toEqual(kit)
  })

  test.each<[string, (json: Record<string, unknown>) => void]>([
    [
      'an account that its genesis does not lead to',
      (json) => Object.assign(json, { account: `0x${'12'.repeat(20)}` }),
    ],
    [
      'another key in its genesis',
      (json) => Object.assign(json, { genesis: { ...Object(json.genesis), handle: keccak256('0x01') } }),
    ],
    [
      'a policy that is none',
      (json) => Object.assign(json, { policies: [{ bytes: '0x0102', chainIds: [] }], guardians: [] }),
    ],
    ['a guardian of no policy', (json) => Object.assign(json, { guardians: [{ key: keccak256('0x01') }] })],
    [
      'something else revealed of a hidden guardian',
      (json) => {
        const guardians = (json.guardians as { reveal?: object }[]).map((guardian) =>
          guardian.reveal ? { ...guardian, reveal: { ...guardian.reveal, salt: keccak256('0x01') } } : guardian,
        )
        Object.assign(json, { guardians })
      },
    ],
    [
      'no chains',
      (json) => {
        delete json.chains
      },
    ],
    ['a number that is none', (json) => Object.assign(json, { createdAt: 'yesterday' })],
  ])('that contradicts itself although its checksum fits: %s', (_, change) => {
    expect(codeOf(() => readKit(resealed(change), contracts))).toBe('KIT_INVALID')
  })

  test('[249] that is something else, too deep or too long', () => {
    const deep = `{"format":"rekey-recovery-kit","version":1,"checksum":"0x${'00'.repeat(32)}","x":${'['.repeat(9_000)}${']'.repeat(9_000)}}`
    for (const input of [
      undefined,
      null,
      1,
      '',
      'hello',
      '[]',
      '{}',
      '{"format":"other"}',
      [],
      {},
      deep,
      `{"x":"${'x'.repeat(70_000)}"}`,
    ])
      expect(codeOf(() => readKit(input, contracts))).toBe('KIT_INVALID')
    const polluting = `{"__proto__":{"format":"rekey-recovery-kit"},"version":1}`
    expect(codeOf(() => readKit(polluting, contracts))).toBe('KIT_INVALID')
  })
})

test('what a newer release adds without a new version is ignored, and covered by the checksum', () => {
  const added = resealed((json) => Object.assign(json, { hints: { drawer: 'left' } }))
  expect(readKit(added, contracts)).toEqual(kit)
  expect(codeOf(() => readKit({ ...Object(added), hints: { drawer: 'right' } }, contracts))).toBe('KIT_CHECKSUM')
  expect(codeOf(() => readKit({ ...toKitJson(kit), hints: {} }, contracts))).toBe('KIT_CHECKSUM')
})

describe('a sheet', () => {
  const sheetOf = ({ account, genesis, policies }: RecoveryKit) => ({
    account,
    genesis,
    policies: policies.map(({ bytes }) => bytes),
  })

  test('holds account, genesis and policies in a text for one QR code, bare or as a link', () => {
    fc.assert(
      fc.property(anyKit, fc.boolean(), (kit, isLink) => {
        const text = toSheetText(kit, isLink ? page : undefined)
        expect(text.length).toBeLessThanOrEqual(2_300)
        expect(text.startsWith(isLink ? `${page}#sheet=` : 'rekey:sheet/')).toBe(true)
        expect(readSheet(` ${text}\n`, contracts)).toEqual(sheetOf(kit))
      }),
    )
  })

  test('leaves out policies that do not fit, but never the one that the address commits to', () => {
    const other = (seed: string): Hex =>
      createTestKit(passkey, { salt: keccak256(toHex(seed)), count: 29 }).policies[0]?.bytes ?? '0x'
    const many = {
      ...createTestKit(passkey, { hasGenesisPolicy: true }),
      policies: ['a', 'b', 'c'].map((seed) => ({ bytes: other(seed), chainIds: [] })),
    }
    const read = readSheet(toSheetText(many), contracts)
    expect(read.policies).toEqual([many.genesis.policy, other('a')])
    expect(read.genesis).toEqual(many.genesis)
  })

  test('with any character changed is refused', () => {
    const text = toSheetText(kit)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'ABCxyz019-_#'), (at, character) => {
        fc.pre(text[at] !== character)
        const code = codeOf(() => readSheet(text.slice(0, at) + character + text.slice(at + 1), contracts))
        expect(code).toMatch(/^KIT_(CHECKSUM|INVALID|VERSION|TRUNCATED)$/)
      }),
    )
  })

  test('that is cut anywhere says so', () => {
    const text = toSheetText(kit)
    fc.assert(
      fc.property(fc.integer({ min: 'rekey:sheet/'.length, max: text.length - 1 }), (length) => {
        expect(codeOf(() => readSheet(text.slice(0, length), contracts))).toBe('KIT_TRUNCATED')
      }),
    )
  })

  test('of another account, for other contracts, or of something else is refused', () => {
    const text = toSheetText(kit)
    expect(codeOf(() => readSheet(text, { ...contracts, account: `0x${'12'.repeat(20)}` }))).toBe('KIT_ACCOUNT')
    expect(readSheet(text, { ...contracts, account: kit.account }).account).toBe(kit.account)
    expect(codeOf(() => readSheet(text))).toBe('KIT_CONTRACTS')
    for (const other of ['', 'https://example.com', `${page}#recovery=AAAA`, kit.account, 'rekey:sheet/!!'])
      expect(codeOf(() => readSheet(other, contracts))).toBe('KIT_INVALID')
  })

  test('is drawn into the page by whoever can draw', () => {
    let drawn = ''
    const html = toKitHtml(kit, {
      drawQr: (text) => {
        drawn = text
        return [
          [true, false],
          [false, true],
        ]
      },
    })
    expect(readSheet(drawn, contracts).account).toBe(kit.account)
    expect(html).toContain('<path d="M4 4h1v1h-1zM5 5h1v1h-1z"/>')
    expect(toKitHtml(kit)).not.toContain('<svg')
  })
})
