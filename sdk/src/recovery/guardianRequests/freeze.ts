import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { RekeyConfig } from '../../config/createConfig.ts'
import { FreezeNotAllowedError } from '../../errors/recovery.ts'
import { findPolicy } from '../findPolicy.ts'
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
  const duration = wanted * 3_600
  const message = { account, policy: policy.hash, duration, issuedAt }
  return createGuardianRequest(config, { name: 'Freeze', message, policyBytes: policy.bytes }, (bytes, approvals) =>
    encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'freeze',
      args: [account, bytes, duration, issuedAt, approvals],
    }),
  )
}
