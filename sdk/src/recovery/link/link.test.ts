import fc from 'fast-check'
import { bytesToHex, type Hex, hashTypedData, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { createConfig } from '../../config/createConfig.ts'
import { encodePolicy, policyHash, sortGuardians } from '../../encoding/policy.ts'
import { type Messages, recoveryTypedData } from '../../encoding/typedData.ts'
import { offlineChain, testOrigin, testRpId } from '../../testing/fixtures.ts'
import type { GuardianMessage } from '../approve.ts'
import { walletGuardian } from '../guardians.ts'
import type { RecoveryApproval } from '../recoveryApproval.ts'
import { formatRequest, loadApprovalRequest, toRequestLink } from './approvalRequest.ts'
import { formatApproval, parseApproval } from './reply.ts'
import type { GuardianAsk } from './requestBytes.ts'

const config = createConfig({ rpId: testRpId, rpName: 'Example', origins: [testOrigin], chains: [offlineChain] })
const page = 'https://example.com/approve?lang=en#old'
const wallet = privateKeyToAccount(keccak256('0x03'))
const policyOf = (count: number) =>
  encodePolicy({
    salt: toHex(1, { size: 32 }),
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 24,
    tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
    guardians: sortGuardians([
      walletGuardian(wallet.address),
      ...Array.from({ length: count - 1 }, (_, index) => walletGuardian(toHex(index + 0x20000, { size: 20 }))),
    ]),
  })
const policyBytes = policyOf(3).toLowerCase() as Hex
const policy = policyHash(policyBytes)
const account = wallet.address

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((some) => bytesToHex(some))
const time = fc.integer({ min: 0, max: 2 ** 40 - 1 })
const recovery = fc.record({
  account: fc.constant(account),
  policy: fc.constant(policy),
  credential: fc.record({
    x: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    y: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    rpIdHash: bytes(32),
    originsHash: bytes(32),
    flags: fc.nat({ max: 255 }),
    idHash: bytes(32),
  }),
  keep: fc.nat({ max: 255 }),
  chainIds: fc.constantFrom<readonly bigint[]>(
    [],
    [BigInt(offlineChain.chain.id)],
    [1n, BigInt(offlineChain.chain.id)],
  ),
  issuedAt: time,
  deadline: time,
})
const ask = fc.oneof(
  recovery.map((message): GuardianAsk => ({ name: 'Recovery', message, policyBytes })),
  bytes(32).map(
    (digest): GuardianAsk => ({ name: 'GuardianCancel', message: { account, policy, recovery: digest }, policyBytes }),
  ),
  fc
    .record({ duration: fc.nat(), issuedAt: time })
    .map((rest): GuardianAsk => ({ name: 'Freeze', message: { account, policy, ...rest }, policyBytes })),
  fc
    .record({ challenge: bytes(32), deadline: time })
    .map((rest): GuardianAsk => ({ name: 'Drill', message: { account, policy, ...rest }, policyBytes })),
)
const digestOf = ({ name, message }: GuardianAsk) =>
  hashTypedData(
    recoveryTypedData(config.contracts.guardianRecovery, name, message as Messages[GuardianMessage] as never) as never,
  )
const codeOf = (work: () => unknown): unknown => {
  try {
    work()
    return 'fine'
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
}

describe('a request to a guardian', () => {
  test('is the same on the other side, as link or text: every field is in the digest', () => {
    fc.assert(
      fc.property(ask, (some) => {
        for (const input of [
          toRequestLink(config, page, some),
          formatRequest(config, some),
          ` ${formatRequest(config, some)}\n`,
        ]) {
          const { name, message, digest, policyBytes: carried } = loadApprovalRequest(config, input)
          expect({ name, message, policyBytes: carried }).toEqual(some)
          expect(digest).toBe(digestOf(some))
        }
      }),
    )
  })

  test('keeps everything in the fragment', () => {
    fc.assert(
      fc.property(ask, (some) => {
        const url = new URL(toRequestLink(config, page, some))
        expect(url.origin + url.pathname + url.search).toBe('https://example.com/approve?lang=en')
        expect(url.hash).toMatch(/^#request=[\w-]+$/)
      }),
    )
  })

  test('is refused when any one character is changed, dropped, or the end is cut', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    fc.assert(
      fc.property(ask, fc.nat(), fc.constantFrom(...alphabet), fc.nat(), (some, place, character, cut) => {
        const text = formatRequest(config, some)
        const at = place % text.length
        fc.pre(text[at] !== character)
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        const damaged = 'RECOVERY_LINK_DAMAGED'
        expect(codeOf(() => loadApprovalRequest(config, changed))).toBe(damaged)
        expect(codeOf(() => loadApprovalRequest(config, text.slice(0, at) + text.slice(at + 1)))).toBe(damaged)
        expect(codeOf(() => loadApprovalRequest(config, text.slice(0, cut % text.length)))).toBe(damaged)
      }),
      { numRuns: 300 },
    )
  })

  test('is refused for anything else, without a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.base64String().map((some) => `https://example.com/#request=${some}`),
        ),
        (text) => {
          expect(codeOf(() => loadApprovalRequest(config, text))).toBe('RECOVERY_LINK_DAMAGED')
          expect(codeOf(() => parseApproval(policy, text))).toBe('RECOVERY_LINK_DAMAGED')
        },
      ),
    )
  })

  test('is refused for another account, other chains, other contracts', () => {
    const [some] = fc.sample(recovery, 1)
    if (!some) throw new Error('no sample')
    const link = (message: typeof some) => toRequestLink(config, page, { name: 'Recovery', message, policyBytes })
    const other = '0x00000000000000000000000000000000000fee14'
    expect(codeOf(() => loadApprovalRequest(config, link(some), { account: other }))).toBe(
      'RECOVERY_LINK_WRONG_ACCOUNT',
    )
    expect(codeOf(() => loadApprovalRequest(config, link(some), { account }))).toBe('fine')
    expect(codeOf(() => loadApprovalRequest(config, link({ ...some, chainIds: [77n] })))).toBe(
      'RECOVERY_LINK_WRONG_CHAIN',
    )
    const elsewhere = { ...config, contracts: { ...config.contracts, guardianRecovery: other } } as const
    expect(codeOf(() => loadApprovalRequest(elsewhere, link(some)))).toBe('RECOVERY_LINK_WRONG_CHAIN')
  })

  test('fits a QR code: three guardians in 800 characters, and any policy of the largest size in 2,953', () => {
    const [message] = fc.sample(recovery, 1)
    if (!message) throw new Error('no sample')
    const lengthOf = (count: number) =>
      toRequestLink(config, 'https://auth.example.com/approve', {
        name: 'Recovery',
        message: { ...message, policy: policyHash(policyOf(count)) },
        policyBytes: policyOf(count),
      }).length
    expect(lengthOf(3)).toBeLessThan(800)
    expect(lengthOf(32)).toBeLessThan(2_953)
  })
})

describe('an approval on its way back', () => {
  const signature = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((some) => bytesToHex(some))
  const revealed = fc.option(fc.record({ salt: bytes(32), signer: bytes(20) }), { nil: undefined })
  const withReveal = <one extends object>(one: one, shown: { salt: Hex; signer: Hex } | undefined) =>
    shown ? { ...one, revealed: shown } : one
  const approval: fc.Arbitrary<RecoveryApproval> = fc.oneof(
    fc
      .record({ index: fc.nat({ max: 31 }), signature })
      .chain((one) => revealed.map((shown) => withReveal(one, shown))),
    fc
      .record({
        index: fc.nat({ max: 31 }),
        signatures: fc.array(fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 48 }), signature }), { maxLength: 4 }),
      })
      .chain((one) => revealed.map((shown) => withReveal(one, shown))),
  )

  test('comes back whole, and for its own request only', () => {
    fc.assert(
      fc.property(approval, bytes(32), bytes(32), (some, digest, other) => {
        const text = formatApproval(digest, some)
        expect(parseApproval(digest, text)).toEqual(some)
        expect(parseApproval(digest, `https://example.com/#approval=${text}`)).toEqual(some)
        if (other !== digest) expect(codeOf(() => parseApproval(other, text))).toBe('RECOVERY_LINK_OTHER_REQUEST')
        expect(codeOf(() => loadApprovalRequest(config, text))).toBe('RECOVERY_LINK_DAMAGED')
      }),
    )
  })
})
