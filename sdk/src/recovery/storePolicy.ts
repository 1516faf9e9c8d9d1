import { encodeFunctionData, type Hex } from 'viem'
import { getCode } from 'viem/actions'
import { policyStoreAbi } from '../abis/used.ts'
import { type ChainResult, checkChain, type OnProgress, runOnChains } from '../config/chainWork.ts'
import { type RekeyConfig, selectChains } from '../config/createConfig.ts'
import { deliverCall } from '../config/relayCall.ts'
import { policyId } from '../encoding/policy.ts'
import { policyStoreAddress } from '../encoding/policyStore.ts'
import { validatePolicy } from '../encoding/validatePolicy.ts'

/** What {@link storePolicy} takes. */
export type StorePolicyParameters = {
  /** The policy's bytes. */
  policy: Hex
  /** Default: all chains of the config; one is enough. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/**
 * Puts the bytes of a policy into the PolicyStore, through each chain's relay: whoever recovers the account then needs
 * neither old events nor a kit. It asks nobody; the bytes are public already where the policy is in effect.
 *
 * @returns One result per chain: `skipped` where the bytes are there.
 * @throws {InvalidPolicyError} when they are no policy.
 * @example
 * await storePolicy(config, { policy: plan.bytes, chainIds: [8453] })
 * @see SPEC §10, PolicyStore
 */
export async function storePolicy(
  config: RekeyConfig,
  { policy, chainIds, signal, onProgress }: StorePolicyParameters,
): Promise<ChainResult[]> {
  validatePolicy(policy)
  const { policyStore } = config.contracts
  const address = policyStoreAddress(policyStore, policyId(policy))
  const data = encodeFunctionData({ abi: policyStoreAbi, functionName: 'put', args: [policy] })
  return runOnChains(
    selectChains(config, chainIds),
    async (chain) => {
      await checkChain(chain)
      if ((await getCode(chain.client, { address })) !== undefined) return { status: 'skipped' }
      return deliverCall(chain, { to: policyStore, data, isChecked: true, signal })
    },
    { signal, onProgress },
  )
}
