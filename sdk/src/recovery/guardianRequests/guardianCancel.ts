import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { RekeyConfig } from '../../config/createConfig.ts'
import type { Policy } from '../../encoding/policy.ts'
import { isReached } from '../../encoding/validatePolicy.ts'
import { LinkDamagedError } from '../../errors/link.ts'
import { findPolicy } from '../findPolicy.ts'
import { loadApprovalRequest } from '../link/approvalRequest.ts'
import type { GuardianAsk } from '../link/requestBytes.ts'
import { createGuardianRequest, type GuardianRequest } from './guardianRequest.ts'

/** What {@link startGuardianCancel} takes. */
export type StartGuardianCancelParameters = {
  account: Address
  /** Digest of the recovery to call off. */
  recovery: Hex
  /** Bytes of policies from a kit, a sheet or a link. */
  policies?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Begins to call a recovery off by guardians who together reach the greatest tier: final for that recovery, also on chains
 * that it has not reached.
 *
 * @throws {PolicyNotFoundError} when the account has no guardians on any chain that answers.
 * @see SPEC §8.3
 */
export async function startGuardianCancel(
  config: RekeyConfig,
  { account, recovery, policies, signal }: StartGuardianCancelParameters,
): Promise<GuardianRequest<'GuardianCancel'>> {
  const { policy } = await findPolicy(config, { account, policies, signal })
  const message = { account, policy: policy.hash, recovery }
  return toCancel(config, { name: 'GuardianCancel', message, policyBytes: policy.bytes })
}

/**
 * Goes on with calling a recovery off from its text or link, anywhere; approvals that came back are added again.
 *
 * @throws {LinkDamagedError} when it is cut, mistyped or something else.
 */
export function loadGuardianCancel(config: RekeyConfig, input: string): GuardianRequest<'GuardianCancel'> {
  const request = loadApprovalRequest(config, input)
  if (request.name !== 'GuardianCancel')
    throw new LinkDamagedError('call to end a recovery', `it is a request of another kind, ${request.name}`)
  const { name, message, policyBytes } = request
  return toCancel(config, { name, message, policyBytes })
}

/**
 * Tells whether the guardians with these places can call a recovery off: they have to reach the tier of greatest weight,
 * and one that cannot be vetoed where there is one, so that no few of them can keep the owner out. Pure.
 *
 * @see SPEC §8.3
 */
export function canCallOff(
  { tiers, guardians }: Pick<Policy, 'tiers' | 'guardians'>,
  places: readonly number[],
): boolean {
  const members = [...new Set(places)].flatMap((index) => guardians[index] ?? [])
  const [greatest] = tiers.toSorted((a, b) => b.weight - a.weight || b.kinds - a.kinds)
  const protectedTiers = tiers.filter(({ isVetoable }) => !isVetoable)
  const isProtected = protectedTiers.length === 0 || protectedTiers.some((tier) => isReached(tier, members))
  return greatest !== undefined && isReached(greatest, members) && isProtected
}

function toCancel(config: RekeyConfig, ask: GuardianAsk<'GuardianCancel'>): GuardianRequest<'GuardianCancel'> {
  const { account, recovery } = ask.message
  return createGuardianRequest(config, ask, (policy, approvals) =>
    encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'guardianCancel',
      args: [account, recovery, policy, approvals],
    }),
  )
}
