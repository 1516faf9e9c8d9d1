import fc from 'fast-check'
import { type Hex, keccak256, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { truncateCommitment } from '../accounts/accountState.ts'
import { type AccountGenesis, toGenesis } from '../accounts/genesis.ts'
import { createTestPasskey } from '../testing/fixtures.ts'
import { createTestKit } from '../testing/kitFixture.ts'
import type { ChainAccount } from './chainAccount.ts'
import { explainDifference } from './compareChains.ts'
import { type ChainDifference, judgeChains } from './judgeChains.ts'

let genesis: AccountGenesis
let first: Hex
beforeAll(async () => {
  genesis = createTestKit((await createTestPasskey('owner')).created.credential).genesis
  first = truncateCommitment(toGenesis(genesis).credential)
})

const implementation = `0x${'aa'.repeat(20)}` as const
const commitmentOf = (index: number): Hex => keccak256(toHex(`passkey ${index}`))
const storedOf = (index: number): Hex => truncateCommitment(commitmentOf(index))
const knownOf = (index: number) => ({
  credential: { ...genesis.credential, idHash: keccak256(toHex(index)) },
  commitment: commitmentOf(index),
  credentialId: toHex(index),
  isProven: true,
})

/** A chain with these passkeys, and these that it once had. */
function chainOf(
  chainId: number,
  has: readonly number[],
  had: readonly number[] = [],
  more: Partial<ChainAccount> = {},
): ChainAccount {
  return {
    chainId,
    now: 1_000,
    isCreated: true,
    isSetUp: true,
    passkeys: has.map((index, place) => ({ index: place, commitment: storedOf(index), isProven: true })),
    known: [...has, ...had].map(knownOf),
    eventsError: undefined,
    policyId: 0n,
    setAt: 0,
    floor: 0,
    announced: undefined,
    changeIssuedAt: 0,
    generation: 0,
    implementation,
    ...more,
  }
}

/** What the differences of a chain make of it once they are brought in line. */
function aligned(chain: ChainAccount, differences: readonly ChainDifference[]): ChainAccount {
  let { passkeys, known, policyId } = chain
  for (const difference of differences) {
    if (difference.kind === 'passkeyExtra')
      passkeys = passkeys.filter(({ commitment }) => commitment !== difference.commitment)
    if (difference.kind === 'passkeyMissing' && difference.known) {
      passkeys = [...passkeys, { index: 31, commitment: difference.commitment, isProven: true }]
      known = [...known, difference.known]
    }
    if (difference.kind === 'policy') policyId = difference.wanted
  }
  return { ...chain, passkeys, known, policyId }
}

const anyChains = fc
  .array(
    fc.record({
      // Passkey 0 is never removed anywhere: an owner without any has to recover.
      has: fc.uniqueArray(fc.integer({ min: 1, max: 6 })),
      had: fc.uniqueArray(fc.integer({ min: 1, max: 6 })),
      policyId: fc.bigInt({ min: 0n, max: 3n }),
      floor: fc.integer({ min: 0, max: 500 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((chains) =>
    chains.map(({ has, had, policyId, floor }, at) =>
      chainOf(at + 1, [0, ...has], had, { policyId, floor: policyId === 0n ? 0 : floor, setAt: floor }),
    ),
  )

describe('chains of an account', () => {
  test('brought in line, they have the same passkeys and guardians, and nothing more to do', () => {
    fc.assert(
      fc.property(anyChains, (chains) => {
        const { differences, wanted } = judgeChains(chains, genesis)
        const after = chains.map((chain) => aligned(chain, differences.get(chain.chainId) ?? []))
        for (const chain of after) {
          expect(chain.passkeys.map(({ commitment }) => commitment).toSorted()).toEqual(wanted.passkeys.toSorted())
          expect(chain.policyId).toBe(wanted.policyId)
        }
        // A floor rises with a policy that is delivered; what is wanted stays what it was.
        expect([...judgeChains(after, genesis).differences.values()].flat()).toEqual([])
        for (const difference of [...differences.values()].flat()) expect(explainDifference(difference)).toMatch(/\.$/)
      }),
    )
  })

  test('in any order they say the same, where no two policies are of one time', () => {
    fc.assert(
      fc.property(anyChains, (chains) => {
        const [one, other] = [judgeChains(chains, genesis), judgeChains(chains.toReversed(), genesis)]
        expect(other.wanted.passkeys.toSorted()).toEqual(one.wanted.passkeys.toSorted())
        const times = chains.map(({ floor }) => floor)
        fc.pre(new Set(times).size === times.length)
        expect(other.wanted.policyId).toBe(one.wanted.policyId)
      }),
    )
  })

  test('the newer message names the guardians, and not the later delivery of an older one', () => {
    const late = chainOf(1, [0], [], { policyId: 1n, floor: 100, setAt: 900 })
    const newer = chainOf(2, [0], [], { policyId: 2n, floor: 200, setAt: 300 })
    expect(judgeChains([late, newer], genesis).differences.get(1)).toMatchObject([
      { kind: 'policy', has: 1n, wanted: 2n, why: 'older', newerOn: [2] },
    ])
  })

  test('announced guardians are wanted everywhere, and waited for where they are announced', () => {
    const announced = { id: 5n, issuedAt: 300, readyAt: 2_000 }
    const first = chainOf(1, [0], [], { policyId: 1n, floor: 100, announced })
    const second = chainOf(2, [0], [], { policyId: 1n, floor: 100 })
    const { differences } = judgeChains([first, second], genesis)
    expect(differences.get(1)).toMatchObject([{ why: 'announced', fix: 'wait', readyAt: 2_000 }])
    expect(differences.get(2)).toMatchObject([{ why: 'older', fix: 'prompt', wanted: 5n }])
    expect(judgeChains([{ ...first, now: 2_000 }, second], genesis).differences.get(1)).toMatchObject([
      { fix: 'relay' },
    ])
  })

  test('where it is not set up the account has what its address commits to', () => {
    const here = chainOf(1, [0], [], {
      isSetUp: false,
      isCreated: false,
      passkeys: [],
      known: [],
      generation: undefined,
      implementation: undefined,
    })
    const there = chainOf(2, [], [], { passkeys: [{ index: 0, commitment: first, isProven: true }] })
    expect(judgeChains([here, there], genesis).differences.get(1)).toEqual([{ kind: 'notSetUp', fix: 'relay' }])
    const withGuardians = { ...there, policyId: 7n, floor: 1 }
    expect(judgeChains([here, withGuardians], genesis).differences.get(1)).toMatchObject([
      { kind: 'notSetUp' },
      { kind: 'policy', why: 'missing', fix: 'prompt' },
    ])
  })

  test('a chain whose passkeys were all removed elsewhere needs the recovery, not its owner’s prompt', () => {
    const stale = chainOf(1, [1, 2])
    const recovered = chainOf(2, [3], [1, 2])
    expect(judgeChains([stale, recovered], genesis).differences.get(1)).toEqual([
      { kind: 'recovery', newerOn: [2], fix: 'recovery' },
    ])
  })

  test('another generation and other code are told, and nothing is signed for them', () => {
    const other = `0x${'bb'.repeat(20)}` as const
    const [one, two] = [chainOf(1, [0]), chainOf(2, [0], [], { generation: 1, implementation: other })]
    const { differences } = judgeChains([one, two], genesis)
    expect(differences.get(1)).toEqual([
      { kind: 'generation', has: 0, highest: 1, fix: 'none' },
      { kind: 'implementation', has: implementation, others: [other], fix: 'none' },
    ])
    expect(differences.get(2)).toMatchObject([{ kind: 'implementation' }])
  })
})
