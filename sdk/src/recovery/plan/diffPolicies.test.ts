import fc from 'fast-check'
import { toHex } from 'viem'
import { expect, test } from 'vitest'
import { type Guardian, guardianKey, type Policy, type Tier } from '../../encoding/policy.ts'
import { diffPolicies } from './diffPolicies.ts'

const guardian: fc.Arbitrary<Guardian> = fc
  .record({
    kind: fc.integer({ min: 1, max: 3 }),
    weight: fc.integer({ min: 1, max: 2 }),
    id: fc.nat({ max: 5 }),
    isHidden: fc.boolean(),
    validUntil: fc.constantFrom(0, 9),
  })
  .map(({ id, ...rest }) => ({ ...rest, signer: toHex(id, { size: rest.isHidden ? 32 : 20 }), needsEvidence: false }))
const tier: fc.Arbitrary<Tier> = fc.record({
  weight: fc.integer({ min: 1, max: 2 }),
  kinds: fc.constant(1),
  delay: fc.constantFrom(0, 86_400, 5 * 86_400),
  isVetoable: fc.boolean(),
})
const policy: fc.Arbitrary<Policy> = fc.record({
  salt: fc.constantFrom(toHex(1, { size: 32 }), toHex(2, { size: 32 })),
  allowsInstantSingle: fc.boolean(),
  windowHours: fc.constantFrom(48, 336),
  freezeHours: fc.constantFrom(0, 24),
  tiers: fc.array(tier, { minLength: 1, maxLength: 4 }),
  guardians: fc.uniqueArray(guardian, { selector: ({ signer }) => signer, maxLength: 5 }),
})
const sorted = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort()

test('what changes, put on top of what was, is what will be', () => {
  fc.assert(
    fc.property(policy, policy, (before, after) => {
      const diff = diffPolicies(before, after)
      const gone = new Set(
        [...diff.guardiansRemoved, ...diff.guardiansChanged.map((one) => one.before)].map(guardianKey),
      )
      const guardians = [
        ...before.guardians.filter((one) => !gone.has(guardianKey(one))),
        ...diff.guardiansAdded,
        ...diff.guardiansChanged.map((one) => one.after),
      ]
      expect(sorted(guardians)).toEqual(sorted(after.guardians))
      const tiers = sorted([...before.tiers, ...diff.tiersAdded])
      for (const removed of sorted(diff.tiersRemoved)) tiers.splice(tiers.indexOf(removed), 1)
      expect(tiers).toEqual(sorted(after.tiers))
      expect(diff.windowHours?.after ?? before.windowHours).toBe(after.windowHours)
      expect(diff.freezeHours?.after ?? before.freezeHours).toBe(after.freezeHours)
      expect(diff.allowsInstantSingle?.after ?? before.allowsInstantSingle).toBe(after.allowsInstantSingle)
    }),
  )
})

test('a policy is the same as itself under another salt, and nothing else is', () => {
  fc.assert(
    fc.property(policy, policy, (before, after) => {
      expect(diffPolicies(before, { ...before, salt: after.salt }).isSame).toBe(true)
      const { salt: _, ...rest } = before
      const { salt: __, ...other } = after
      if (diffPolicies(before, after).isSame)
        expect([sorted(rest.guardians), sorted(rest.tiers)]).toEqual([sorted(other.guardians), sorted(other.tiers)])
      expect(diffPolicies(undefined, after).guardiansAdded).toEqual(after.guardians)
    }),
  )
})
