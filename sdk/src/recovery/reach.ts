import type { Policy } from '../encoding/policy.ts'
import { isReached } from '../encoding/validatePolicy.ts'

/** What votes achieve under a policy; delays in seconds from the start of the recovery. */
export type Reach = {
  /** Shortest delay of the tiers reached. */
  readonly delay: number
  /** Place in the policy of the tier with that delay. */
  readonly tier: number
  /** Shortest delay of the tiers reached that nobody can veto; absent when none is. */
  readonly protectedDelay: number | undefined
}

/** Under what circumstances votes are counted. */
export type VoteCircumstances = {
  /** Unix time in seconds; guardians that have expired do not count. Default: none has. */
  readonly now?: number | undefined
  /** Bitmap of guardians who count towards protected tiers only. */
  readonly benched?: number | undefined
  /** The owner has vetoed: only protected tiers count. */
  readonly isVetoed?: boolean | undefined
}

/**
 * Tells what the guardians with these places achieve together: the contract's own rule. Pure.
 *
 * @returns `undefined` when they reach no tier.
 * @see SPEC §8.2
 */
export function reachOf(
  { tiers, guardians }: Pick<Policy, 'tiers' | 'guardians'>,
  votes: readonly number[],
  { now = 0, benched = 0, isVetoed = false }: VoteCircumstances = {},
): Reach | undefined {
  const valid = [...new Set(votes)].filter((index) => {
    const guardian = guardians[index]
    return guardian !== undefined && (guardian.validUntil === 0 || now <= guardian.validUntil)
  })
  const members = (indexes: readonly number[]) => indexes.flatMap((index) => guardians[index] ?? [])
  const all = members(valid)
  const free = members(valid.filter((index) => (benched & (1 << index)) === 0))
  const reached = tiers.flatMap((tier, place) => {
    const isIn = tier.isVetoable ? !isVetoed && isReached(tier, free) : isReached(tier, all)
    return isIn ? [{ place, ...tier }] : []
  })
  const fastest = <tier extends { delay: number }>(list: readonly tier[]): tier | undefined =>
    list.toSorted((a, b) => a.delay - b.delay)[0]
  const first = fastest(reached)
  return (
    first && {
      delay: first.delay,
      tier: first.place,
      protectedDelay: fastest(reached.filter(({ isVetoable }) => !isVetoable))?.delay,
    }
  )
}
