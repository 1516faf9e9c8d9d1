import fc from 'fast-check'
import { toHex } from 'viem'
import { expect, test } from 'vitest'
import type { Guardian, Tier } from '../encoding/policy.ts'
import { reachOf } from './reach.ts'

const guardian = fc
  .record({
    kind: fc.integer({ min: 1, max: 4 }),
    weight: fc.integer({ min: 1, max: 5 }),
    validUntil: fc.constantFrom(0, 100, 200),
  })
  .map((some): Guardian => ({ ...some, signer: toHex(some.kind, { size: 20 }), isHidden: false, needsEvidence: false }))
const tier: fc.Arbitrary<Tier> = fc.record({
  weight: fc.integer({ min: 1, max: 8 }),
  kinds: fc.integer({ min: 1, max: 3 }),
  delay: fc.integer({ min: 0, max: 9 }),
  isVetoable: fc.boolean(),
})

/** The contract's loop, word for word. */
function asTheContract(
  policy: { tiers: readonly Tier[]; guardians: readonly Guardian[] },
  votes: readonly number[],
  { now, benched, isVetoed }: { now: number; benched: number; isVetoed: boolean },
) {
  let [weight, kinds, freeWeight, freeKinds] = [0, 0, 0, 0]
  policy.guardians.forEach((one, index) => {
    if (!votes.includes(index) || (one.validUntil !== 0 && now > one.validUntil)) return
    weight += one.weight
    kinds |= 1 << one.kind
    if ((benched >> index) & 1) return
    freeWeight += one.weight
    freeKinds |= 1 << one.kind
  })
  const count = (bits: number) => bits.toString(2).replaceAll('0', '').length
  let [delay, protectedDelay] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const one of policy.tiers) {
    if (!one.isVetoable) {
      if (weight < one.weight || count(kinds) < one.kinds) continue
      protectedDelay = Math.min(protectedDelay, one.delay)
    } else if (freeWeight < one.weight || count(freeKinds) < one.kinds) continue
    delay = Math.min(delay, one.delay)
  }
  if (isVetoed) delay = protectedDelay
  return { delay, protectedDelay }
}

test('votes reach what the contract says they reach', () => {
  const votes = fc.uniqueArray(fc.nat({ max: 6 }))
  const circumstances = fc.record({
    now: fc.constantFrom(1, 100, 101, 201),
    benched: fc.nat({ max: 127 }),
    isVetoed: fc.boolean(),
  })
  let reached = 0
  fc.assert(
    fc.property(
      fc.array(guardian, { minLength: 1, maxLength: 6 }),
      fc.array(tier, { minLength: 1, maxLength: 4 }),
      votes,
      circumstances,
      (guardians, tiers, places, around) => {
        const seen = reachOf({ guardians, tiers }, places, around)
        const wanted = asTheContract({ guardians, tiers }, places, around)
        if (seen) reached += 1
        expect(seen?.delay ?? Number.POSITIVE_INFINITY).toBe(wanted.delay)
        expect(seen?.protectedDelay ?? Number.POSITIVE_INFINITY).toBe(wanted.protectedDelay)
      },
    ),
    { numRuns: 2_000 },
  )
  expect(reached).toBeGreaterThan(100)
})
