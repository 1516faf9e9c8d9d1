import { type Address, type Hex, hexToBigInt } from 'viem'
import { getBlock, getContractEvents } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/used.ts'
import { throwIfAborted, untilAborted } from '../config/abort.ts'
import { checkChain } from '../config/chainWork.ts'
import { type ConfiguredChain, getChain, type RekeyConfig } from '../config/createConfig.ts'
import { type BlockRange, isRefusal, readEvents } from '../config/readEvents.ts'
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
 * Reads an account's policy from a chain: the bytes from the event that set it, checked against the hash that the
 * contract stores.
 *
 * @returns `undefined` when the account has no policy there.
 * @throws {PolicyNotFoundError} when it has one whose bytes this node does not show.
 * @throws {AbortedError} when the signal fired.
 * @example
 * const found = await getPolicy(config, { address, chainId: 8453 })
 * @see SPEC §7
 */
export async function getPolicy(
  config: RekeyConfig,
  { address, chainId, signal }: { address: Address; chainId: number; signal?: AbortSignal | undefined },
): Promise<ChainPolicy | undefined> {
  const chain = getChain(config, chainId)
  throwIfAborted(signal)
  return untilAborted(readPolicy(config, chain, address), signal)
}

async function readPolicy(
  config: RekeyConfig,
  chain: ConfiguredChain,
  address: Address,
): Promise<ChainPolicy | undefined> {
  await checkChain(chain)
  const { policyId: wanted, setAt } = await readPolicyHead(chain, config.contracts, address)
  if (wanted === 0n) return undefined
  const { guardianRecovery } = config.contracts
  const read = (range: BlockRange) =>
    getContractEvents(chain.client, {
      address: guardianRecovery,
      abi: guardianRecoveryAbi,
      eventName: 'PolicySet',
      args: { account: address },
      strict: true,
      ...range,
    })
  const events = await read({ fromBlock: chain.fromBlock }).catch(async (error: unknown) => {
    if (!isRefusal(error)) throw error
    // So wide a range is too much for this node; the time that the contract stores leads to the block.
    return readEvents(chain, read, { range: await findBlocksAt(chain, BigInt(setAt)) })
  })
  for (const { args } of events)
    if (hexToBigInt(policyId(args.policy)) === wanted)
      return { policy: decodePolicy(args.policy), bytes: args.policy, hash: policyHash(args.policy), setAt }
  throw new PolicyNotFoundError(address, `the node of chain ${chain.id} does not show the event with the policy`)
}

/** Finds the blocks with a timestamp by bisection. */
async function findBlocksAt({ client, fromBlock }: ConfiguredChain, timestamp: bigint): Promise<BlockRange> {
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
  const first = await firstFrom(timestamp)
  const last = (await firstFrom(timestamp + 1n)) - 1n
  return { fromBlock: first, toBlock: last < first ? first : last }
}
