import { bytesToHex, type Hex, hexToBytes, keccak256, stringToBytes, toHex } from 'viem'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import type { AccountGenesis } from '../accounts/genesis.ts'
import type { Reveal } from '../recovery/hiddenGuardians.ts'
import { createTestPasskey } from '../testing/fixtures.ts'
import { createTestKit, testContracts } from '../testing/kitFixture.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import type { KitGuardian, KitPolicy, RecoveryKit } from './kit.ts'
import { toKitHtml } from './kitHtml.ts'
import { toKitJson } from './kitJson.ts'
import { toKitText } from './kitText.ts'
import { readKit } from './readKit.ts'
import { toSheetText } from './sheet.ts'

/** What must never be in a kit, each in a field that somebody might hand over by mistake. */
const secrets: Readonly<Record<string, string>> = {
  passphrase: 'glacier otter velvet compass thunder maple',
  code: '7K2QZ 9XW4M T6R8D 3HJ5N B1VCG 0FPYS',
  prf: bytesToHex(stringToBytes('output of a PRF, 32 bytes long!!')),
  privateKey: keccak256(toHex('a private key')),
  seed: keccak256(toHex('what a passphrase becomes')),
  apiKey: 'https://node.example.com/v2/sk-live-4242424242424242',
}

/** Every way in which a secret may stand in a text. */
function spellings(secret: string): string[] {
  const raw = secret.startsWith('0x') ? hexToBytes(secret as Hex) : stringToBytes(secret)
  const forms = [
    secret,
    secret.replace(/[\s-]/g, ''),
    bytesToHex(raw).slice(2),
    toBase64Url(raw),
    toBase64Url(stringToBytes(secret)),
    bytesToHex(stringToBytes(secret)).slice(2),
    encodeURIComponent(secret),
    // Without its ends a base64 text is found at any place of a longer one.
    ...[0, 1, 2].map((shift) => toBase64Url(new Uint8Array([...new Uint8Array(shift), ...raw])).slice(shift + 2, -4)),
  ]
  return [...new Set([...forms, ...secret.split(' ').filter((word) => word.length > 5)])].map((form) =>
    form.toLowerCase(),
  )
}

/** Names the secrets that are in a text, as they are or in any encoding, also inside of its base64url parts. */
function scan(text: string): string[] {
  const decoded = (text.match(/[\w-]{40,}/g) ?? []).flatMap((part) => {
    try {
      const bytes = fromBase64Url(part)
      return [bytesToHex(bytes), new TextDecoder().decode(bytes)]
    } catch {
      return []
    }
  })
  const joined = text.replace(/[\r\n]/g, '')
  const all = [text, joined, joined.replace(/\\u0020/g, ' '), text.replace(/\s/g, ''), ...decoded].map((part) =>
    part.toLowerCase().replaceAll('+', '-').replaceAll('/', '_'),
  )
  const haystacks = [...all, ...[text, joined].map((part) => part.toLowerCase())]
  return Object.entries(secrets).flatMap(([name, secret]) =>
    spellings(secret).some((spelling) => haystacks.some((part) => part.includes(spelling))) ? [name] : [],
  )
}

/** Puts every secret into every object, beside what belongs there. */
function plant<value>(value: value): value {
  if (Array.isArray(value)) return value.map(plant) as value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, plant(item)])
  return { ...Object.fromEntries(entries), ...secrets, secrets: { ...secrets }, list: Object.values(secrets) }
}

let kit: RecoveryKit
beforeAll(async () => {
  kit = createTestKit((await createTestPasskey('owner of a kit')).created.credential)
})

const forms: Readonly<Record<string, (kit: RecoveryKit) => string>> = {
  JSON: (kit) => JSON.stringify(toKitJson(kit)),
  text: (kit) => toKitText(kit),
  page: (kit) => toKitHtml(kit, { drawQr: () => [[true]] }),
  sheet: (kit) => toSheetText(kit),
  'link to a page': (kit) => toSheetText(kit, 'https://auth.example.com/recover'),
}

describe('the scanner', () => {
  test.each(Object.entries(secrets))('finds %s in each form a kit could have it', (name, secret) => {
    const bytes = secret.startsWith('0x') ? hexToBytes(secret as Hex) : stringToBytes(secret)
    const inName = toKitText({ ...kit, name: secret })
    for (const text of [
      inName,
      JSON.stringify({ deep: [{ secret }] }),
      `rekey:sheet/${toBase64Url(new Uint8Array([...new Uint8Array(40), ...bytes]))}`,
      bytesToHex(bytes).toUpperCase(),
      btoa(String.fromCharCode(...bytes)),
    ])
      expect(scan(text)).toContain(name)
  })
})

test.each(Object.entries(forms))(
  '[250] %s has no secret, though every object it is made of carries all of them',
  (_, write) => {
    const planted = plant(kit)
    expect(scan(JSON.stringify(planted, (_key, value) => (typeof value === 'bigint' ? String(value) : value)))).toEqual(
      Object.keys(secrets),
    )
    expect(write(planted)).toBe(write(kit))
    expect(scan(write(planted))).toEqual([])
  },
)

test('[250] what is read from a kit that was given secrets has none, and errors about it have none', () => {
  const json = plant(toKitJson(kit))
  try {
    readKit(json, { contracts: testContracts })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'KIT_CHECKSUM' })
    expect(scan(`${String(error)} ${JSON.stringify(error)}`)).toEqual([])
  }
  for (const text of [
    secrets.passphrase,
    secrets.code,
    `{"passphrase":"${secrets.passphrase}"`,
    `{"${secrets.code}":1}`,
  ])
    try {
      readKit(text, { contracts: testContracts })
      expect.unreachable()
    } catch (error) {
      const told = error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''
      expect(scan(told)).toEqual([])
    }
})

test('the types of a kit have no field for a secret', () => {
  expectTypeOf<keyof RecoveryKit>().toEqualTypeOf<
    | 'account'
    | 'name'
    | 'rpId'
    | 'genesis'
    | 'policies'
    | 'guardians'
    | 'contracts'
    | 'release'
    | 'chains'
    | 'createdAt'
  >()
  expectTypeOf<keyof AccountGenesis>().toEqualTypeOf<'credential' | 'credentialId' | 'policy' | 'handle'>()
  expectTypeOf<keyof KitPolicy>().toEqualTypeOf<'bytes' | 'chainIds'>()
  expectTypeOf<keyof KitGuardian>().toEqualTypeOf<'key' | 'name' | 'reveal'>()
  expectTypeOf<keyof Reveal>().toEqualTypeOf<'salt' | 'signer'>()
})
