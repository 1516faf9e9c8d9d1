import type { Address, Hex } from 'viem'
import { readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../config/createConfig.ts'
import { PolicyNotFoundError } from '../errors/recovery.ts'
import { type ChainPolicy, getPolicy } from './getPolicy.ts'

/**
 * The newest policy among the chains, and the chains that answered: a message to guardians names one policy, and chains
 * that have another need a message of their own.
 *
 * @throws {PolicyNotFoundError} when the account has no guardians on any chain that answers.
 */
export async function findPolicy(
  config: RekeyConfig,
  parameters: {
    account: Address
    chainIds?: readonly number[] | undefined
    policies?: readonly Hex[] | undefined
    signal?: AbortSignal | undefined
  },
): Promise<{ policy: ChainPolicy; chains: readonly ConfiguredChain[] }> {
  const { account: address, chainIds, policies, signal } = parameters
  const answers = await readFromChains(
    selectChains(config, chainIds),
    (chain) => getPolicy(config, { address, chainId: chain.id, policies }),
    signal,
  )
  const found = answers.flatMap((answer) => ('value' in answer && answer.value ? [answer.value] : []))
  const [policy] = found.toSorted((a, b) => b.setAt - a.setAt)
  if (policy) return { policy, chains: answers.flatMap((answer) => ('value' in answer ? [answer.chain] : [])) }
  throw new PolicyNotFoundError(
    address,
    answers.flatMap((answer) => ('error' in answer ? [answer.error] : [])),
  )
}
