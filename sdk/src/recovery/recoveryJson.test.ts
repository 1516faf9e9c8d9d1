import fc from 'fast-check'
import { bytesToHex, type Hex, keccak256, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { genesisAddress } from '../accounts/genesis.ts'
import { defaultContracts as contracts } from '../config/contracts.generated.ts'
import { createConfig } from '../config/createConfig.ts'
import { encodePolicy, sortGuardians } from '../encoding/policy.ts'
import { isRekeyError } from '../errors/base.ts'
import { createTestPasskey, offlineChain, testOrigin, testRpId } from '../testing/fixtures.ts'
import { leaves, replaceLeaf } from '../testing/jsonLeaves.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import { toCredential } from '../webauthn/credential.ts'
import { walletGuardian } from './guardians.ts'
import {
  type RecoveryData,
  type RecoveryJson,
  readRecoveryJson,
  toRecoveryJson,
  toRecoveryLink,
} from './recoveryJson.ts'
import { loadRecovery } from './recoveryRequest.ts'

const page = 'https://auth.example.com/approve?lang=en'
const policyBytes = encodePolicy({
  salt: toHex(7, { size: 32 }),
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
  guardians: sortGuardians([walletGuardian(`0x${'11'.repeat(20)}`)]),
})
let data: RecoveryData
let json: RecoveryJson
let other: RecoveryJson

async function createData(seed: string): Promise<RecoveryData> {
  const [{ created: first }, { created: second }] = await Promise.all([
    createTestPasskey(seed),
    createTestPasskey(`${seed}, new`),
  ])
  const { credential, userHandle: handle } = first
  const genesis = { credential: toCredential(credential), credentialId: credential.id, policy: policyBytes, handle }
  return {
    recovery: {
      account: genesisAddress(contracts, genesis),
      policy: keccak256(policyBytes),
      credential: toCredential(second.credential),
      keep: 0,
      chainIds: [1n, 8453n],
      issuedAt: 1_700_000_000,
      deadline: 1_702_592_000,
    },
    policyBytes,
    genesis,
    passkey: second.credential,
    possession: '0x1234',
    approvals: [
      { index: 0, signature: '0xabcd' },
      { index: 1, signatures: [{ chainId: 1, signature: '0x01' }] },
    ],
  }
}

beforeAll(async () => {
  data = await createData('owner')
  json = toRecoveryJson(data)
  other = toRecoveryJson(await createData('another owner'))
})

const read = (input: unknown) => readRecoveryJson(contracts, input)
const invalid = expect.objectContaining({ code: 'ACCOUNT_INVALID_RECORD' })
const refusal = (problem: string) => expect.objectContaining({ shortMessage: expect.stringContaining(problem) })

describe('a recovery', () => {
  test('comes back from JSON, from its text and from its link', () => {
    const forms = [json, JSON.stringify(json), ` \n${JSON.stringify(json, null, 2)}`, toRecoveryLink(page, json)]
    for (const form of forms) expect(read(form)).toEqual(data)
  })

  test('comes back whatever its fields are', () => {
    const time = fc.nat({ max: 2 ** 40 - 1 })
    const bytes = fc.uint8Array({ maxLength: 90 }).map((value) => bytesToHex(value))
    const index = fc.nat({ max: 31 })
    const chainId = fc.integer({ min: 1, max: 2 ** 40 })
    const approval = fc.oneof(
      fc.record({ index, signature: bytes }),
      fc.record({ index, signatures: fc.array(fc.record({ chainId, signature: bytes }), { maxLength: 3 }) }),
    )
    fc.assert(
      fc.property(
        fc.record({
          keep: fc.nat({ max: 255 }),
          chainIds: fc.array(fc.bigInt({ min: 1n, max: 2n ** 63n }), { maxLength: 4 }),
          issuedAt: time,
          deadline: time,
        }),
        bytes,
        fc.array(approval, { maxLength: 4 }),
        (changes, possession, approvals) => {
          const changed = { ...data, recovery: { ...data.recovery, ...changes }, possession, approvals }
          const written = toRecoveryJson(changed)
          expect(read(JSON.stringify(written))).toEqual(changed)
          expect(read(toRecoveryLink(page, written))).toEqual(changed)
        },
      ),
    )
  })

  test('travels behind the # of a link, which no server sees, and the rest of the link stays', () => {
    const link = new URL(toRecoveryLink(page, json))
    expect(`${link.origin}${link.pathname}${link.search}`).toBe(page)
    expect(link.hash).toMatch(/^#recovery=[\w-]+$/)
    expect(toRecoveryLink(`${page}#old`, json)).toBe(link.href)
  })
})

describe('what is refused', () => {
  test('another version', () => {
    for (const version of [0, 2, '1', null, undefined])
      expect(() => read({ ...json, version })).toThrow(refusal('version'))
  })

  test('what is neither JSON nor a link with a recovery', () => {
    const texts = [
      '',
      'recovery',
      '{',
      page,
      `${page}#other=${toBase64Url(new TextEncoder().encode(JSON.stringify(json)))}`,
      `${page}#recovery=`,
      `${page}#recovery=***`,
      `${page}#recovery=AAAA`,
      toRecoveryLink(page, json).slice(0, -9),
    ]
    for (const value of [...texts, undefined, null, 7, []]) expect(() => read(value), String(value)).toThrow(invalid)
  })

  test('each field that is missing, by its name', () => {
    for (const path of leaves(json)) {
      const name = path.findLast((key) => typeof key === 'string') ?? ''
      expect(() => read(replaceLeaf(json, path, undefined)), path.join('.')).toThrow(refusal(name))
    }
  })

  test.each<[readonly (string | number)[], unknown, string]>([
    [['recovery', 'account'], '0x12', 'account is not an address'],
    [['recovery', 'policy'], '0x1234', 'policy has not 32 bytes'],
    [['recovery', 'credential', 'x'], '0x', 'x has not 32 bytes'],
    [['recovery', 'credential', 'flags'], 4, 'flags is more than 3'],
    [['recovery', 'keep'], 256, 'keep is more than 255'],
    [['recovery', 'keep'], -1, 'keep is not a whole number'],
    [['recovery', 'issuedAt'], 2 ** 40, 'issuedAt is more than'],
    [['recovery', 'deadline'], 2 ** 40, 'deadline is more than'],
    [['recovery', 'chainIds', 0], '-1', 'a chain id is not a number'],
    [['recovery', 'chainIds', 0], '0x1', 'a chain id is not a number'],
    [['recovery', 'chainIds', 0], '', 'a chain id is not a number'],
    [['recovery', 'chainIds', 0], '9'.repeat(21), 'a chain id is not a number'],
    [['recovery', 'chainIds', 0], 1, 'chainIds has more than texts'],
    [['policy'], 'policy', 'policy is not hexadecimal'],
    [['policy'], '0x00', 'another policy'],
    [['genesis', 'handle'], '0x61', 'handle has not 32 bytes'],
    [['genesis', 'policy'], '0x', 'does not commit to its genesis'],
    [['genesis', 'credentialId'], '0x00', 'its genesis names another passkey'],
    [['passkey', 'id'], '0x00', 'names another passkey than it carries'],
    [['passkey', 'rpId'], 'evil.example', 'names another passkey than it carries'],
    [['passkey', 'origins', 0], 'https://evil.example', 'names another passkey than it carries'],
    [['passkey', 'flags'], 3, 'names another passkey than it carries'],
    [['possession'], 7, 'possession is not hexadecimal'],
    [['approvals', 0, 'index'], 32, 'index is more than 31'],
    [['approvals', 0, 'signature'], '0x1', 'signature is not hexadecimal'],
    [['approvals', 1, 'signatures', 0, 'chainId'], '1', 'chainId is not a whole number'],
  ])('%j = %j', (path, value, problem) => {
    expect(() => read(replaceLeaf(json, path, value))).toThrow(refusal(problem))
  })

  test('the account, the genesis, the passkey or the message of another recovery', () => {
    for (const key of ['genesis', 'passkey', 'recovery'] as const)
      expect(() => read({ ...json, [key]: other[key] }), key).toThrow(invalid)
    for (const key of ['account', 'credential'] as const)
      expect(() => read({ ...json, recovery: { ...json.recovery, [key]: other.recovery[key] } }), key).toThrow(invalid)
    expect(() => read({ ...json, genesis: { ...json.genesis, credential: other.genesis.credential } })).toThrow(invalid)
  })

  test('any leaf replaced by anything: an error of ours, or a recovery all the same', () => {
    const config = createConfig({ rpId: testRpId, rpName: 'Example', origins: [testOrigin], chains: [offlineChain] })
    const anything: fc.Arbitrary<unknown> = fc.oneof(
      fc.jsonValue(),
      fc.uint8Array({ maxLength: 40 }).map((bytes): Hex => bytesToHex(bytes)),
      fc.constantFrom<unknown>('0x', '0x0', -1, 0.5, 4, 255, 256, 2 ** 40, 2 ** 53, 1e300, '', '0', [], {}, null, [1]),
    )
    fc.assert(
      fc.property(fc.constantFrom(...leaves(json)), anything, (path, value) => {
        try {
          const request = loadRecovery(config, replaceLeaf(json, path, value))
          expect(request.phrase.split(' ')).toHaveLength(4)
          expect(loadRecovery(config, request.toJSON()).digest).toBe(request.digest)
          request.toAccount()
        } catch (error) {
          expect(isRekeyError(error), `${path.join('.')} = ${JSON.stringify(value)}: ${String(error)}`).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
