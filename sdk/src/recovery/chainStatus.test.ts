import fc from 'fast-check'
import { type Hex, hexToBigInt, keccak256, slice, toHex, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Recovery } from '../encoding/typedData.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import { isFinal, judge, type Reading, type RecoveryChainStatus } from './chainStatus.ts'
import { recordStatus } from './recoveryState.ts'

const word = (value: number): Hex => toHex(value, { size: 32 })
const credential = { x: 2n, y: 3n, rpIdHash: word(4), originsHash: word(5), flags: 1, idHash: word(6) }
const genesisPolicy = '0x1234'
const recovery: Recovery = {
  account: `0x${'a0'.repeat(20)}`,
  policy: keccak256(genesisPolicy),
  credential,
  keep: 0,
  chainIds: [],
  issuedAt: 1_000,
  deadline: 10_000,
}
const identity = {
  recovery,
  digest: word(7),
  genesis: { credential, credentialId: '0x00' as Hex, policy: genesisPolicy as Hex, handle: word(8) },
}
const policyId = hexToBigInt(slice(recovery.policy, 12))
const readyAt = 5_000
const windowHours = 2
const closesAt = readyAt + windowHours * 3_600
const newPasskey = { index: 0, commitment: slice(credentialCommitment(credential), 8), isProven: true }

/** A chain with the policy, on which nothing has been started; its parts changed. */
function reading(changes: {
  now?: number
  state?: Partial<Reading['state']>
  head?: Partial<Reading['head']>
  aux?: Partial<Reading['aux']>
  record?: Partial<Reading['record']>
}): Reading {
  return {
    now: changes.now ?? 2_000,
    state: { isSetUp: true, passkeys: [], ...changes.state },
    head: { policyId, setAt: 500, floor: 500, epoch: 3, changeDays: 7, ...changes.head } as Reading['head'],
    aux: { benched: 0, benchEpoch: 0, benchedUntil: 0, ...changes.aux } as Reading['aux'],
    record: {
      startedAt: 0,
      readyAt: 0,
      protectedAt: 0,
      windowHours: 0,
      votes: 0,
      epoch: 0,
      status: recordStatus.none,
      ...changes.record,
    } as Reading['record'],
  }
}

const started = { startedAt: 1_500, readyAt, windowHours, votes: 5, epoch: 3, status: recordStatus.scheduled }
const vetoedLater = { benched: 5, benchEpoch: 3, benchedUntil: 1_500 + 7 * 86_400 }
const stateOf = (changes: Parameters<typeof reading>[0]) => judge(reading(changes), identity).state

describe('where a recovery stands on a chain', () => {
  test.each<[RecoveryChainStatus['state'], string, Parameters<typeof reading>[0]]>([
    ['collecting', 'nothing was started', {}],
    ['collecting', 'at its deadline it can still be started', { now: 10_000 }],
    ['expired', 'after its deadline it cannot', { now: 10_001 }],
    ['scheduled', 'started, and the delay is not over', { now: readyAt - 1, record: started }],
    ['ready', 'the delay is over', { now: readyAt, record: started }],
    ['ready', 'until the window closes', { now: closesAt - 1, record: started }],
    ['expired', 'the window is closed', { now: closesAt, record: started }],
    [
      'ready',
      'a deadline does not count once it was started',
      { now: 11_000, record: { ...started, readyAt: 10_500 } },
    ],
    ['ready', 'a protected tier was reached', { now: readyAt, record: { ...started, status: recordStatus.protected } }],
    ['vetoed', 'the owner vetoed it', { now: readyAt, record: { ...started, status: recordStatus.vetoed } }],
    ['vetoed', 'the owner vetoed it before it arrived', { record: { status: recordStatus.vetoed } }],
    [
      'benched',
      'another of the same guardians was vetoed after it began',
      { now: readyAt, record: started, aux: vetoedLater },
    ],
    [
      'scheduled',
      'the other one was vetoed before it began',
      { now: 4_000, record: started, aux: { ...vetoedLater, benchedUntil: 1_499 + 7 * 86_400 } },
    ],
    [
      'scheduled',
      'one who voted for it was not benched',
      { now: 4_000, record: started, aux: { ...vetoedLater, benched: 4 } },
    ],
    [
      'scheduled',
      'the bench is that of an earlier epoch',
      { now: 4_000, record: started, aux: { ...vetoedLater, benchEpoch: 2 } },
    ],
    [
      'scheduled',
      'it reached a protected tier',
      { now: 4_000, record: { ...started, protectedAt: 6_000 }, aux: vetoedLater },
    ],
    ['noPolicy', 'the account has another policy there', { head: { policyId: policyId + 1n } }],
    ['noPolicy', 'the account has none there', { head: { policyId: 0n } }],
    ['collecting', 'not set up, and its genesis has the policy', { state: { isSetUp: false }, head: { policyId: 0n } }],
    ['superseded', 'another recovery emptied the record’s epoch', { now: readyAt, record: { ...started, epoch: 2 } }],
    ['superseded', 'something newer took effect', { head: { floor: 1_001 } }],
    ['superseded', 'something of the same second took effect', { head: { floor: 1_000 } }],
    ['done', 'it took effect itself', { head: { floor: 1_000 }, state: { passkeys: [newPasskey] } }],
    [
      'superseded',
      'it did, and something newer after it',
      { head: { floor: 1_001 }, state: { passkeys: [newPasskey] } },
    ],
    ['collecting', 'the passkey is in, but not by this recovery', { state: { passkeys: [newPasskey] } }],
    [
      'done',
      'whatever its record says',
      { now: closesAt, head: { floor: 1_000, epoch: 4 }, state: { passkeys: [newPasskey] }, record: started },
    ],
  ])('%s: %s', (state, _, changes) => {
    expect(stateOf(changes)).toBe(state)
  })

  test('without set-up it has no policy when its genesis has another or none', () => {
    for (const policy of ['0x', '0x99'] as const) {
      const other = { ...identity, genesis: { ...identity.genesis, policy } }
      const there = reading({ state: { isSetUp: false }, head: { policyId: 0n } })
      expect(judge(there, other)).toEqual({ state: 'noPolicy', votes: 0 })
    }
    expect(recovery.policy).not.toBe(zeroHash)
  })

  test('carries the votes, and the times once there are any', () => {
    expect(judge(reading({ now: readyAt, record: started }), identity)).toEqual({
      state: 'ready',
      votes: 5,
      readyAt,
      closesAt,
    })
    expect(judge(reading({}), identity)).toEqual({ state: 'collecting', votes: 0 })
  })

  test('goes forward with time alone, never back: scheduled, ready, expired; collecting, expired', () => {
    const order = ['collecting', 'scheduled', 'ready', 'expired']
    const record = fc.oneof(
      fc.constant({}),
      fc.record({ readyAt: fc.nat({ max: 20_000 }) }).map((at) => ({ ...started, ...at })),
    )
    const time = fc.nat({ max: 40_000 })
    fc.assert(
      fc.property(record, time, time, (changes, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)].map((now) =>
          stateOf({ now, record: changes }),
        )
        expect(order.indexOf(late ?? '')).toBeGreaterThanOrEqual(order.indexOf(early ?? ''))
      }),
    )
  })

  test('is final where nothing can go on', () => {
    const final = (state: RecoveryChainStatus['state']) => isFinal({ chainId: 1, state, votes: 0 })
    for (const state of ['done', 'vetoed', 'benched', 'expired', 'superseded', 'noPolicy'] as const)
      expect(final(state)).toBe(true)
    for (const state of ['collecting', 'scheduled', 'ready', 'unreachable'] as const) expect(final(state)).toBe(false)
  })
})
