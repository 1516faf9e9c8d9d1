import type { Policy } from '@rekey/sdk'
import { proofExpiry } from '@rekey/sdk/oidc'
import type { RecoveryApproval } from '@rekey/sdk/recovery'
import { countedApprovals, type RecoveryView } from './recovery.ts'
import { type Provider, type SignInWay, wayTo } from './signIns.ts'

/** What decides whether somebody has to sign in again. */
export type SignInsSoFar = {
  readonly policy: Pick<Policy, 'guardians'>
  /** Approvals in hand. */
  readonly approvals: readonly RecoveryApproval[]
  /** Where guardians may sign in, by their places, see `providersIn`. */
  readonly signIns: readonly (readonly Provider[])[]
  /** Unix time in seconds. */
  readonly now: number
}

/**
 * The ways to sign in again: some networks have counted a sign-in, others wait for it, and for them it is too old by now.
 * A token lasts an hour or less; a network may be down for longer.
 */
export function expiredSignIns(
  { statuses }: Pick<RecoveryView, 'statuses'>,
  { policy, approvals, signIns, now }: SignInsSoFar,
): readonly SignInWay[] {
  if (!statuses.some(({ state }) => state === 'collecting')) return []
  const lost = countedApprovals({ statuses }).filter((place) => {
    const guardian = policy.guardians[place]
    if (!guardian?.needsEvidence || !signIns[place]?.length) return false
    const approval = approvals.find(({ index }) => index === place)
    return !approval || !('signature' in approval) || proofExpiry(guardian, approval.signature) <= now
  })
  return [...new Set(lost.flatMap((place) => (signIns[place] ?? []).map(wayTo)))]
}
