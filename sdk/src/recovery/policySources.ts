import { type Address, type Hex, hexToBigInt, numberToHex } from 'viem'
import { getBlock, getCode, getContractEvents } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/used.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { type BlockRange, isRefusal, readEvents } from '../config/readEvents.ts'
import { policyId } from '../encoding/policy.ts'
import { policyStoreAddress, readStoredPolicy } from '../encoding/policyStore.ts'
import type { BaseError } from '../errors/base.ts'
import { PolicyMismatchError } from '../errors/recovery.ts'

/** Where the bytes of a policy came from: the caller (a kit, a sheet, a link), an event, or the PolicyStore. */
export type PolicySource = 'given' | 'event' | 'store'

/** What is looked for: the bytes with this id. */
export type WantedPolicy = {
  readonly account: Address
  /** Low 160 bits of the hash, as GuardianRecovery stores it. */
  readonly id: bigint
  /** When it took effect on the chain that names it; narrows the search where a node gives few blocks at once. */
  readonly setAt: number
}

/** The bytes, if any source has them, and what was refused or failed before. */
export type PolicySearch = {
  readonly found: { readonly bytes: Hex; readonly source: PolicySource } | undefined
  readonly problems: readonly BaseError[]
}

/**
 * Looks for the bytes of a policy, one source after the other: what the caller has, the chain's events, the PolicyStore of
 * every chain, the events of the other chains. The id is a hash, so that it does not matter who gave them; bytes that do
 * not have it are refused, and the next source is asked.
 */
export async function findPolicyBytes(
  config: RekeyConfig,
  chain: ConfiguredChain,
  wanted: WantedPolicy,
  given: readonly Hex[],
): Promise<PolicySearch> {
  const problems: BaseError[] = []
  const others = config.chains.filter(({ id }) => id !== chain.id)
  const judge = (candidates: readonly Hex[], source: PolicySource): PolicySearch['found'] => {
    const bytes = candidates.find((candidate) => hexToBigInt(policyId(candidate)) === wanted.id)
    if (bytes !== undefined) return { bytes, source }
    if (candidates.length > 0)
      problems.push(new PolicyMismatchError(source, { wanted: numberToHex(wanted.id, { size: 20 }) }))
    return undefined
  }
  const ask = async (
    source: 'event' | 'store',
    chains: readonly ConfiguredChain[],
    read: (chain: ConfiguredChain) => Promise<readonly Hex[]>,
  ): Promise<PolicySearch['found']> => {
    const answers = await readFromChains(chains, read)
    for (const answer of answers) if ('error' in answer) problems.push(answer.error)
    return judge(
      answers.flatMap((answer) => ('value' in answer ? answer.value : [])),
      source,
    )
  }
  const found =
    judge(given, 'given') ??
    (await ask('event', [chain], (asked) => readPolicyEvents(config, asked, wanted))) ??
    (await ask('store', config.chains, (asked) => readStore(config, asked, wanted))) ??
    (await ask('event', others, (asked) => readPolicyEvents(config, asked, { ...wanted, setAt: 0 })))
  return { found, problems }
}

async function readStore({ contracts }: RekeyConfig, { client }: ConfiguredChain, { id }: WantedPolicy) {
  const wanted = numberToHex(id, { size: 20 })
  const code = await getCode(client, { address: policyStoreAddress(contracts.policyStore, wanted) })
  if (code === undefined) return []
  // A node that lies about the code is told like any other forged source.
  return [readStoredPolicy(code, wanted) ?? code]
}

async function readPolicyEvents(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  { account, setAt }: WantedPolicy,
): Promise<Hex[]> {
  await checkChain(chain)
  const read = (range: BlockRange) =>
    getContractEvents(chain.client, {
      address: contracts.guardianRecovery,
      abi: guardianRecoveryAbi,
      eventName: 'PolicySet',
      args: { account },
      strict: true,
      ...range,
    })
  const events = await read({ fromBlock: chain.fromBlock }).catch(async (error: unknown) => {
    if (!isRefusal(error)) throw error
    // So wide a range is too much for this node; the time that the contract stores leads to the block.
    return readEvents(chain, read, setAt > 0 ? { range: await findBlocksAt(chain, BigInt(setAt)) } : {})
  })
  return events.map(({ args }) => args.policy)
}

/** Reads the bytes of every policy that an account has announced on a chain, in effect or not. */
export async function readAnnouncedPolicies(
  chain: ConfiguredChain,
  { guardianRecovery }: Contracts,
  account: Address,
): Promise<Hex[]> {
  const events = await readEvents(chain, (range) =>
    getContractEvents(chain.client, {
      address: guardianRecovery,
      abi: guardianRecoveryAbi,
      eventName: 'PolicyScheduled',
      args: { account },
      strict: true,
      ...range,
    }),
  )
  return events.map(({ args }) => args.policy)
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
