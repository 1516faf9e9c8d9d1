import fc from 'fast-check'
import { type Hex, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { createConfig, type RekeyConfig } from '../config/createConfig.ts'
import { isRekeyError } from '../errors/base.ts'
import { createTestPasskey, offlineChain, testOrigin, testRpId } from '../testing/fixtures.ts'
import { leaves, replaceLeaf } from '../testing/jsonLeaves.ts'
import { toCredential } from '../webauthn/credential.ts'
import { genesisAddress } from './genesis.ts'
import { getAccount, loadAccount, type PasskeyAccount } from './passkeyAccount.ts'
import {
  type AccountRecord,
  readCredential,
  readCredentialRecord,
  readGenesis,
  readRecord,
  toCredentialJson,
  toCredentialRecordJson,
  toGenesisJson,
} from './record.ts'

const invalid = expect.objectContaining({ code: 'ACCOUNT_INVALID_RECORD' })
const refusal = (problem: string) => expect.objectContaining({ shortMessage: expect.stringContaining(problem) })
let config: RekeyConfig
let account: PasskeyAccount
let record: AccountRecord

beforeAll(async () => {
  config = createConfig({ rpId: testRpId, rpName: 'Example', origins: [testOrigin], chains: [offlineChain] })
  const { created } = await createTestPasskey('record')
  const { credential, userHandle: handle } = created
  const genesis = {
    credential: toCredential(credential),
    credentialId: credential.id,
    policy: '0x1234',
    handle,
  } as const
  account = getAccount(config, { address: genesisAddress(config.contracts, genesis), genesis, credential })
  record = account.toJSON()
})

describe('an account record', () => {
  test('is JSON that comes back as the same account', () => {
    const loaded = loadAccount(config, JSON.parse(JSON.stringify(record)))
    expect(loaded.toJSON()).toEqual(record)
    expect(loaded).toMatchObject({ address: account.address, genesis: account.genesis, credential: account.credential })
    expect(JSON.stringify(record)).not.toMatch(/private|secret/i)
  })

  test('of another version is refused', () => {
    for (const version of [0, 2, '1', undefined])
      expect(() => loadAccount(config, { ...record, version })).toThrow(invalid)
  })

  test('that is none is refused', () => {
    for (const value of [undefined, null, 1, 'text', [], {}]) expect(() => loadAccount(config, value)).toThrow(invalid)
  })

  test('without one of its fields is refused by the name of the field', () => {
    for (const path of leaves(record)) {
      const name = path.findLast((key) => typeof key === 'string') ?? ''
      expect(() => loadAccount(config, replaceLeaf(record, path, undefined)), path.join('.')).toThrow(refusal(name))
    }
  })

  test('with any leaf replaced by anything is refused by an error of ours, or is still a record', () => {
    const paths = leaves(record)
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        try {
          const loaded = loadAccount(config, replaceLeaf(record, path, value))
          expect(loadAccount(config, loaded.toJSON()).toJSON()).toEqual(loaded.toJSON())
        } catch (error) {
          expect(isRekeyError(error), `${path.join('.')} = ${String(value)}: ${String(error)}`).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** What a field may have been changed to: of another type, of another size, empty, or nearly right. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => toHex(bytes)),
  fc.constantFrom<unknown>('0x', '0x0', '0xzz', -1, 0.5, 4, 256, 2 ** 53, 1e300, '', [], {}, null, [1]),
)

describe('parts of a record', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((value) => toHex(value))
  const credential = fc.record({
    x: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    y: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    rpIdHash: bytes(32),
    originsHash: bytes(32),
    flags: fc.nat({ max: 3 }),
    idHash: bytes(32),
  })

  test('come back as they were written, each integer in 32 bytes', () => {
    fc.assert(
      fc.property(credential, bytes(20), bytes(3), bytes(32), (one, credentialId, policy, handle) => {
        const json = toCredentialJson(one)
        expect([json.x, json.y]).toEqual([expect.stringMatching(/^0x.{64}$/), expect.stringMatching(/^0x.{64}$/)])
        expect(readCredential(readRecord(json, 'credential'))).toEqual(one)
        const genesis = { credential: one, credentialId, policy, handle }
        expect(readGenesis(readRecord(toGenesisJson(genesis), 'genesis'))).toEqual(genesis)
      }),
    )
    const { credential: passkey } = account
    expect(readCredentialRecord(readRecord(toCredentialRecordJson(passkey), 'passkey'))).toEqual(passkey)
  })

  test('a public key that is not on the curve is refused', () => {
    const json = { ...record.credential, publicKey: { x: toHex(1, { size: 32 }), y: toHex(1, { size: 32 }) } }
    expect(() => readCredentialRecord(readRecord(json, 'passkey'))).toThrow(
      expect.objectContaining({ code: 'ENCODING_INVALID_PUBLIC_KEY' }),
    )
  })

  test.each<[string, unknown, string]>([
    ['x', '0x01', 'x has not 32 bytes'],
    ['x', `0x${'00'.repeat(33)}`, 'x has not 32 bytes'],
    ['y', '0x', 'y has not 32 bytes'],
    ['rpIdHash', `0x${'0'.repeat(63)}`, 'rpIdHash is not hexadecimal'],
    ['originsHash', 12, 'originsHash is not hexadecimal'],
    ['idHash', `0x${'zz'.repeat(32)}`, 'idHash is not hexadecimal'],
    ['flags', 4, 'flags is more than 3'],
    ['flags', -1, 'flags is not a whole number'],
    ['flags', 0.5, 'flags is not a whole number'],
    ['flags', '1', 'flags is not a whole number'],
  ])('a credential whose %s is %s is refused', (key, value, problem) => {
    const json = { ...record.genesis.credential, [key]: value }
    expect(() => readCredential(readRecord(json, 'credential'))).toThrow(refusal(problem))
  })
})

describe('the reader', () => {
  const reader = (value: unknown) => readRecord({ value }, 'thing')

  test('names the field and the part that it is in', () => {
    const outer = readRecord({ inner: { number: 'x' }, list: [{ number: 'x' }] }, 'thing')
    expect(() => outer.object('inner').number('number')).toThrow('inner of a thing')
    expect(() => outer.list('list')[0]?.number('number')).toThrow('list of a thing')
    expect(() => outer.object('absent')).toThrow('absent of a thing')
  })

  test('tells absent from present: null is absent', () => {
    expect([undefined, null, 0, '', false].map((value) => reader(value).has('value'))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
  })

  test('takes lists of texts and lists of objects, and nothing else in them', () => {
    expect(reader(['a', 'b']).texts('value')).toEqual(['a', 'b'])
    for (const value of ['a', ['a', 1], [null], { 0: 'a', length: 1 }])
      expect(() => reader(value).texts('value')).toThrow(invalid)
    for (const value of ['a', [1], [null], { 0: {}, length: 1 }])
      expect(() => reader(value).list('value')).toThrow(invalid)
  })

  test('takes an address in any case and returns its checksummed form', () => {
    const address = '0x52908400098527886E0F7030069857D2E4169EE7'
    expect(reader(address.toLowerCase()).address('value')).toBe(address)
    for (const value of ['0x12', `${address}00`, 12, undefined, address.slice(2)])
      expect(() => reader(value).address('value')).toThrow(invalid)
  })

  test('takes any even number of hex digits', () => {
    for (const value of ['0x', '0x00', '0xAbCd'] as Hex[]) expect(reader(value).hex('value')).toBe(value)
    for (const value of ['', '00', '0x0', '0xg0', null]) expect(() => reader(value).hex('value')).toThrow(invalid)
  })
})
