import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { RekeyConfig } from '../../config/createConfig.ts'
import { LinkDamagedError } from '../../errors/link.ts'
import { FreezeNotAllowedError } from '../../errors/recovery.ts'
import { findPolicy } from '../findPolicy.ts'
import { loadApprovalRequest } from '../link/approvalRequest.ts'
import type { GuardianAsk } from '../link/requestBytes.ts'
import { chooseIssuedAt } from '../recoveryState.ts'
import { createGuardianRequest, type GuardianRequest } from './guardianRequest.ts'

/** What {@link startFreeze} takes. */
export type StartFreezeParameters = {
  account: Address
  /** Default: as long as the policy allows. */
  hours?: number | undefined
  /** Bytes of policies from a kit, a sheet or a link. */
  policies?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Begins a freeze: one guardian's approval stops the account for some hours, the owner and a thief alike. The message is
 * good for a day; afterwards the account cannot be frozen for 30 days.
 *
 * @throws {PolicyNotFoundError} {@link FreezeNotAllowedError} when the policy does not allow it, or not for so long.
 * @see SPEC §8.5
 */
export async function startFreeze(
  config: RekeyConfig,
  { account, hours, policies, signal }: StartFreezeParameters,
): Promise<GuardianRequest<'Freeze'>> {
  const { policy, chains } = await findPolicy(config, { account, policies, signal })
  const { freezeHours } = policy.policy
  const wanted = hours ?? freezeHours
  if (wanted <= 0 || wanted > freezeHours) throw new FreezeNotAllowedError({ wanted, allowed: freezeHours })
  const issuedAt = await chooseIssuedAt(chains, config.contracts, account)
  const message = { account, policy: policy.hash, duration: wanted * 3_600, issuedAt }
  return toFreeze(config, { name: 'Freeze', message, policyBytes: policy.bytes })
}

/**
 * Goes on with a freeze from its text or link, anywhere; the approval that came back is added again.
 *
 * @throws {LinkDamagedError} when it is cut, mistyped or something else.
 * @example
 * const freeze = loadFreeze(config, text)
 * await freeze.addApproval(reply)
 * await freeze.submit()
 */
export function loadFreeze(config: RekeyConfig, input: string): GuardianRequest<'Freeze'> {
  const request = loadApprovalRequest(config, input)
  if (request.name !== 'Freeze')
    throw new LinkDamagedError('freeze', `it is a request of another kind, ${request.name}`)
  const { name, message, policyBytes } = request
  return toFreeze(config, { name, message, policyBytes })
}

function toFreeze(config: RekeyConfig, ask: GuardianAsk<'Freeze'>): GuardianRequest<'Freeze'> {
  const { account, duration, issuedAt } = ask.message
  return createGuardianRequest(config, ask, (policy, approvals) =>
    encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'freeze',
      args: [account, policy, duration, issuedAt, approvals],
    }),
  )
}
