import fc from 'fast-check'
import { toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Guardian, Policy } from '../../encoding/policy.ts'
import { isReached } from '../../encoding/validatePolicy.ts'
import { presetTiers, recoveryPresets } from '../presets.ts'
import { type Loss, simulateLoss } from './simulateLoss.ts'

const day = 86_400
const member = (index: number, kind: number, weight = 1): Guardian => ({
  kind,
  weight,
  signer: toHex(index + 0x10000, { size: 20 }),
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
})
const policyOf = (tiers: Policy['tiers'], guardians: readonly Guardian[]): Policy => ({
  salt: toHex(1, { size: 32 }),
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers,
  guardians,
})

const anyPolicy = fc
  .record({
    guardians: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 5,
    }),
    tiers: fc.array(
      fc.record({
        weight: fc.integer({ min: 1, max: 6 }),
        kinds: fc.integer({ min: 1, max: 3 }),
        delay: fc.constantFrom(0, day, 3 * day),
        isVetoable: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ guardians, tiers }) =>
    policyOf(
      tiers,
      guardians.map(([kind, weight], index) => member(index, kind, weight)),
    ),
  )
const bitmap = fc.nat({ max: 31 })

/** Every way in which some of these guardians could vote, tier by tier; the earliest end. */
function earliest(policy: Policy, places: readonly number[], isVetoed: boolean): number | undefined {
  let best: number | undefined
  for (let votes = 0; votes < 1 << places.length; votes += 1) {
    const voters = places.flatMap((place, bit) => ((votes >> bit) & 1 ? (policy.guardians[place] ?? []) : []))
    for (const tier of policy.tiers)
      if (isReached(tier, voters) && !(tier.isVetoable && isVetoed) && (best === undefined || tier.delay < best))
        best = tier.delay
  }
  return best
}

type Board = {
  readonly now: number
  readonly isIn: Readonly<Record<Side, boolean>>
  readonly begun: Readonly<Record<Side, number>>
  readonly turns: number
}
/** A loss with all that can happen in it. */
type Played = { readonly [key in Exclude<keyof Loss, 'now'>]-?: Exclude<Loss[key], undefined> }
type Side = 'owner' | 'thief'

/** Both start at once, and again whenever they are thrown out; whoever is in vetoes. When both are due, both orders count. */
function playOut(policy: Policy, { passkeysLeft, lost, stolen, hasThiefPasskey }: Played): string {
  const own = policy.guardians.flatMap((_, index) => (lost.includes(index) || stolen.includes(index) ? [] : [index]))
  const places = { owner: own, thief: stolen }
  const play = ({ now, isIn, begun, turns }: Board): string => {
    if (turns > 3) return 'contested'
    if (now > 20 * day) {
      if (isIn.owner === isIn.thief) return isIn.owner ? 'contested' : 'lost'
      return isIn.owner ? 'owner' : 'thief'
    }
    const due = (['owner', 'thief'] as const).filter((side) => {
      const other = side === 'owner' ? 'thief' : 'owner'
      if (isIn[side] && !isIn[other]) return false
      const delay = earliest(policy, places[side], isIn[other])
      return delay !== undefined && now >= begun[side] + delay
    })
    if (due.length === 0) return play({ now: now + day / 2, isIn, begun, turns })
    const ends = due.map((winner) => {
      const loser = winner === 'owner' ? 'thief' : 'owner'
      const after = { owner: winner === 'owner', thief: winner === 'thief' }
      return play({ now: now + day / 2, isIn: after, begun: { ...begun, [loser]: now }, turns: turns + 1 })
    })
    const [first] = ends
    return first !== undefined && ends.every((end) => end === first) ? first : 'contested'
  }
  const isIn = { owner: passkeysLeft > 0, thief: hasThiefPasskey }
  return play({ now: 0, isIn, begun: { owner: 0, thief: 0 }, turns: 0 })
}

describe('a loss', () => {
  test('takes as long as the best of all ways to vote, and no less', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        bitmap,
        bitmap,
        fc.boolean(),
        fc.nat({ max: 2 }),
        (policy, gone, his, hasThiefPasskey, passkeysLeft) => {
          const places = policy.guardians.map((_, index) => index)
          const stolen = places.filter((index) => (his >> index) & 1)
          const lost = places.filter((index) => (gone >> index) & 1)
          const seen = simulateLoss(policy, { passkeysLeft, lost, stolen, hasThiefPasskey })
          const own = places.filter((index) => !stolen.includes(index) && !lost.includes(index))
          expect(seen.remaining).toEqual(own)
          expect(seen.unopposed?.delay).toBe(earliest(policy, own, false))
          expect(seen.vetoed?.delay).toBe(earliest(policy, own, true))
          expect(seen.thiefAfter).toBe(earliest(policy, stolen, passkeysLeft > 0))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('ends as the game ends that both sides play to the end', () => {
    const outcomes = new Map<string, number>()
    fc.assert(
      fc.property(
        anyPolicy,
        bitmap,
        bitmap,
        fc.boolean(),
        fc.nat({ max: 1 }),
        (policy, gone, his, hasThiefPasskey, passkeysLeft) => {
          const places = policy.guardians.map((_, index) => index)
          const stolen = places.filter((index) => (his >> index) & 1)
          const lost = places.filter((index) => (gone >> index) & 1)
          const loss = { passkeysLeft, lost, stolen, hasThiefPasskey }
          const { outcome } = simulateLoss(policy, loss)
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
          expect([outcome, loss]).toEqual([playOut(policy, loss), loss])
        },
      ),
      { numRuns: 1_500 },
    )
    for (const outcome of ['owner', 'thief', 'contested', 'lost']) expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(0)
  })

  test('of the only passkey to a thief ends by preset as the threat model says', () => {
    const guardians = [member(1, 1), member(2, 2)]
    const after = recoveryPresets.map((preset) => {
      const policy = policyOf(presetTiers(preset, guardians, false), guardians)
      const { ownerAfter, thiefPolicyAfter, outcome } = simulateLoss(policy, { passkeysLeft: 0, hasThiefPasskey: true })
      return [preset, ownerAfter === undefined ? undefined : ownerAfter / day, (thiefPolicyAfter ?? 0) / day, outcome]
    })
    expect(after).toEqual([
      ['simple', undefined, 2, 'thief'],
      ['careful', 0, 2, 'owner'],
      ['fast', 0, 2, 'owner'],
      ['guarded', 3, 4, 'owner'],
      ['sovereign', 7, 8, 'owner'],
    ])
  })
})
