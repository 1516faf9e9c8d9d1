import type { Policy } from '../../encoding/policy.ts'
import { changeDelayDays } from '../../encoding/validatePolicy.ts'
import { type Reach, reachOf } from '../reach.ts'

/** What has happened. Guardians by their places in the policy. */
export type Loss = {
  /** Passkeys that the owner still has. */
  readonly passkeysLeft: number
  /** Guardians that can no longer be asked. */
  readonly lost?: readonly number[] | undefined
  /** Guardians that a thief has, or who are his. */
  readonly stolen?: readonly number[] | undefined
  /** A thief can sign with one of the passkeys. */
  readonly hasThiefPasskey?: boolean | undefined
  /** Unix time in seconds; guardians that have expired do not count. Default: none has. */
  readonly now?: number | undefined
}

/** What becomes of the account; delays in seconds from the moment in which everyone starts. */
export type LossOutcome = {
  /** Guardians whom the owner can still ask. */
  readonly remaining: readonly number[]
  /** What they reach when nobody objects. */
  readonly unopposed: Reach | undefined
  /** What they reach when whoever holds a passkey vetoes. */
  readonly vetoed: Reach | undefined
  /** When the owner is in control; 0 at once; absent: never. Against a thief with a passkey, who vetoes all he can. */
  readonly ownerAfter: number | undefined
  /** When the thief could take the account with the guardians he has; absent: never. An owner with a passkey vetoes. */
  readonly thiefAfter: number | undefined
  /** When guardians of the thief's choice would count if nobody acts before: his passkey announces them. */
  readonly thiefPolicyAfter: number | undefined
  /**
   * `owner`: ends alone in control. `thief`: he does. `contested`: neither can keep the other out, or it is a race. `lost`:
   * nobody can use the account any more.
   */
  readonly outcome: 'owner' | 'thief' | 'contested' | 'lost'
}

/**
 * Answers "I lost this device": who remains, which tier opens, how long it takes, and whether a thief with the rest gets in
 * first. Pure; the chains are not asked.
 *
 * @example
 * const { ownerAfter, outcome } = simulateLoss(policy, { passkeysLeft: 0, lost: [1], hasThiefPasskey: true })
 */
export function simulateLoss(policy: Policy, loss: Loss): LossOutcome {
  const { passkeysLeft, lost = [], stolen = [], hasThiefPasskey = false, now } = loss
  const remaining = policy.guardians.flatMap((_, index) =>
    lost.includes(index) || stolen.includes(index) ? [] : [index],
  )
  const unopposed = reachOf(policy, remaining, { now })
  const vetoed = reachOf(policy, remaining, { now, isVetoed: true })
  const isOwnerIn = passkeysLeft > 0 && !hasThiefPasskey
  const ownerAfter = isOwnerIn ? 0 : (hasThiefPasskey ? vetoed : unopposed)?.delay
  const thiefAfter = reachOf(policy, stolen, { now, isVetoed: passkeysLeft > 0 })?.delay
  const outcome = judge({
    isOwnerIn: passkeysLeft > 0,
    isThiefIn: hasThiefPasskey,
    ownerDelay: unopposed?.delay,
    thiefDelay: reachOf(policy, stolen, { now })?.delay,
    isOwnerUnstoppable: vetoed !== undefined,
    isThiefUnstoppable: reachOf(policy, stolen, { now, isVetoed: true }) !== undefined,
  })
  const thiefPolicyAfter = hasThiefPasskey ? changeDelayDays(policy) * 86_400 : undefined
  return { remaining, unopposed, vetoed, ownerAfter, thiefAfter, thiefPolicyAfter, outcome }
}

/** Whoever is out starts again; whoever is in vetoes. Only a tier that cannot be vetoed gets somebody in against another. */
function judge(side: {
  isOwnerIn: boolean
  isThiefIn: boolean
  /** When each gets in while nobody is. */
  ownerDelay: number | undefined
  thiefDelay: number | undefined
  isOwnerUnstoppable: boolean
  isThiefUnstoppable: boolean
}): LossOutcome['outcome'] {
  const { isOwnerIn, isThiefIn, isOwnerUnstoppable, isThiefUnstoppable } = side
  if (isOwnerUnstoppable !== isThiefUnstoppable) return isOwnerUnstoppable ? 'owner' : 'thief'
  if (isOwnerUnstoppable || (isOwnerIn && isThiefIn)) return 'contested'
  if (isOwnerIn || isThiefIn) return isOwnerIn ? 'owner' : 'thief'
  const { ownerDelay = Number.POSITIVE_INFINITY, thiefDelay = Number.POSITIVE_INFINITY } = side
  if (ownerDelay !== thiefDelay) return ownerDelay < thiefDelay ? 'owner' : 'thief'
  return ownerDelay === Number.POSITIVE_INFINITY ? 'lost' : 'contested'
}
