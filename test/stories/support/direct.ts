import { encodeApprovals } from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { BaseError, ContractFunctionRevertedError, createPublicClient, http } from 'viem'
import { stackContracts } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

/** What the contract itself says to a start with all approvals so far, past everything the SDK looks at before. */
export async function startDirectly(stack: Stack, chain: 0 | 1, request: RecoveryRequest): Promise<string> {
  const { policy, possession } = request.toJSON()
  const approvals = request.approvals.flatMap((one) => ('signature' in one ? [one] : []))
  try {
    await createPublicClient({ transport: http(stack.chains[chain]?.rpcUrl), cacheTime: 0 }).simulateContract({
      address: stackContracts(stack).guardianRecovery,
      abi: guardianRecoveryAbi,
      functionName: 'start',
      args: [request.recovery, policy, encodeApprovals(approvals), possession],
    })
    return 'done'
  } catch (error) {
    const reverted = error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    if (reverted instanceof ContractFunctionRevertedError) return reverted.data?.errorName ?? 'reverted'
    throw error
  }
}
