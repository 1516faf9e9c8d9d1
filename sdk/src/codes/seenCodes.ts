import type { Policy } from '../encoding/policy.ts'
import { changeDelayDays } from '../encoding/validatePolicy.ts'
import { reachOf } from '../recovery/reach.ts'

/** How soon someone could take the account. */
export type CodesReach = {
  /** Seconds from the start of the recovery. */
  readonly delay: number
  /** Whether the owner can stop it in the meantime. */
  readonly isVetoable: boolean
}

/** What someone can do who has seen the codes, until they are replaced. */
export type SeenCodes = {
  /** With the codes alone; `undefined`: nothing. */
  readonly alone: CodesReach | undefined
  /** Together with the guardian who is quickest with them; `undefined`: no single one is enough. */
  readonly together: CodesReach | undefined
  /** Seconds that the old codes stay good after new ones are announced: no passkey shortens it, not even a thief's. */
  readonly replacedAfter: number
  /** What to do, in this order. */
  readonly steps: readonly ('replace' | 'watchAndVeto' | 'tellGuardians')[]
}

/**
 * Says what is left to fear when someone may have seen an account's codes, and what to do: the contracts let no guardian
 * go at once, so that a thief cannot shake them off either.
 *
 * @param guardianIndex - Place of the codes in the policy, see `findCodeSets`.
 * @example
 * const { alone, replacedAfter, steps } = assessSeenCodes(policy, guardianIndex)
 */
export function assessSeenCodes(policy: Pick<Policy, 'tiers' | 'guardians'>, guardianIndex: number): SeenCodes {
  if (!policy.guardians[guardianIndex]) throw new RangeError(`The policy has no guardian ${guardianIndex}.`)
  const others = policy.guardians.flatMap((_, place) => (place === guardianIndex ? [] : [place]))
  const alone = quickest(policy, [[guardianIndex]])
  const together = quickest(
    policy,
    others.map((other) => [guardianIndex, other]),
  )
  return {
    alone,
    together,
    replacedAfter: changeDelayDays(policy) * 86_400,
    steps: [
      'replace',
      ...(alone ? (['watchAndVeto'] as const) : []),
      ...(together ? (['tellGuardians'] as const) : []),
    ],
  }
}

function quickest(
  policy: Pick<Policy, 'tiers' | 'guardians'>,
  groups: readonly (readonly number[])[],
): CodesReach | undefined {
  const reached = groups.flatMap((places): CodesReach[] => {
    const reach = reachOf(policy, places)
    return reach ? [{ delay: reach.delay, isVetoable: reach.protectedDelay !== reach.delay }] : []
  })
  return reached.toSorted((a, b) => a.delay - b.delay || Number(a.isVetoable) - Number(b.isVetoable))[0]
}
