import { type Address, type Hex, hexToBigInt } from 'viem'
import { getBlock, getContractEvents } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/GuardianRecovery.ts'
import { type ConfiguredChain, getChain, type RekeyConfig } from '../config/createConfig.ts'
import { decodePolicy, type Policy, policyHash, policyId } from '../encoding/policy.ts'
import { PolicyNotFoundError } from '../errors/recovery.ts'
import { readPolicyHead } from './recoveryState.ts'

/** An account's policy on one chain. */
export type ChainPolicy = {
  readonly policy: Policy
  readonly bytes: Hex
  readonly hash: Hex
  /** When it took effect, Unix time in seconds. */
  readonly setAt: number
}

/**
 * Reads an account's policy from a chain: the bytes from the event of the time that the contract stores, checked against
 * the hash that it stores.
 *
 * @returns `undefined` when the account has no policy there.
 * @throws {PolicyNotFoundError} when it has one whose bytes this node does not show.
 * @example
 * const found = await getPolicy(config, { address, chainId: 8453 })
 * @see SPEC §7
 */
export async function getPolicy(
  config: RekeyConfig,
  { address, chainId }: { address: Address; chainId: number },
): Promise<ChainPolicy | undefined> {
  const chain = getChain(config, chainId)
  const { policyId: wanted, setAt } = await readPolicyHead(chain, config.contracts, address)
  if (wanted === 0n) return undefined
  const { from, to } = await findBlocksAt(chain, BigInt(setAt))
  const events = await getContractEvents(chain.client, {
    address: config.contracts.guardianRecovery,
    abi: guardianRecoveryAbi,
    eventName: 'PolicySet',
    args: { account: address },
    fromBlock: from,
    toBlock: to,
    strict: true,
  })
  for (const { args } of events)
    if (hexToBigInt(policyId(args.policy)) === wanted)
      return { policy: decodePolicy(args.policy), bytes: args.policy, hash: policyHash(args.policy), setAt }
  throw new PolicyNotFoundError(address, `the node of chain ${chainId} does not show the event with the policy`)
}

/** Finds the blocks with a timestamp by bisection: no node has to search its whole history for the event. */
async function findBlocksAt(
  { client, fromBlock }: ConfiguredChain,
  timestamp: bigint,
): Promise<{ from: bigint; to: bigint }> {
  const { number: latest } = await getBlock(client)
  /** The first block whose time is at least this, or the one after the latest. */
  const firstFrom = async (time: bigint): Promise<bigint> => {
    let [low, high] = [fromBlock, latest + 1n]
    while (low < high) {
      const middle = (low + high) / 2n
      const block = await getBlock(client, { blockNumber: middle })
      if (block.timestamp < time) low = middle + 1n
      else high = middle
    }
    return low
  }
  const from = await firstFrom(timestamp)
  const to = (await firstFrom(timestamp + 1n)) - 1n
  return { from, to: to < from ? from : to }
}
