import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { RekeyConfig } from '../../config/createConfig.ts'
import { findPolicy } from '../findPolicy.ts'
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
  return createGuardianRequest(
    config,
    { name: 'GuardianCancel', message, policyBytes: policy.bytes },
    (bytes, approvals) =>
      encodeFunctionData({
        abi: guardianRecoveryAbi,
        functionName: 'guardianCancel',
        args: [account, recovery, bytes, approvals],
      }),
  )
}
