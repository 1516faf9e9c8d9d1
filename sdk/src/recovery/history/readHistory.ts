import {
  type Address,
  type ContractEventName,
  formatLog,
  type Hash,
  hexToNumber,
  numberToHex,
  type ParseEventLogsReturnType,
  pad,
  parseEventLogs,
  type RpcLog,
} from 'viem'
import { guardianRecoveryAbi } from '../../abis/GuardianRecovery.ts'
import { passkeyValidatorAbi } from '../../abis/PasskeyValidator.ts'
import { readFromChains } from '../../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../../config/createConfig.ts'
import { readEvents } from '../../config/readEvents.ts'
import type { BaseError } from '../../errors/base.ts'

// The whole ABIs: a page that shows no history does not load them.
const abi = [...guardianRecoveryAbi, ...passkeyValidatorAbi] as const

type EventName = ContractEventName<typeof abi>

/** Something that happened to an account: an event of GuardianRecovery or PasskeyValidator. */
export type HistoryEntry = {
  readonly [name in EventName]: {
    readonly chainId: number
    /** Name of the event. */
    readonly kind: name
    readonly args: ParseEventLogsReturnType<typeof abi, name, true>[number]['args']
    readonly blockNumber: bigint
    readonly logIndex: number
    readonly transactionHash: Hash
    /** Unix time in seconds, from nodes that tell it with the event. */
    readonly time: number | undefined
  }
}[EventName]

/** What happened on one chain, oldest first, or why that could not be read. */
export type ChainHistory =
  | { readonly chainId: number; readonly entries: readonly HistoryEntry[] }
  | { readonly chainId: number; readonly error: BaseError }

/**
 * Rebuilds what happened to an account from events: policies, announced changes, recoveries, vetoes, drills, freezes,
 * passkeys that came and went. One request per chain, all chains at once; a node that gives fewer blocks takes more.
 *
 * Anyone can emit `GuardiansProven` with no votes: look at its votes.
 *
 * @example
 * const [chain] = await readHistory(config, { address })
 */
export async function readHistory(
  config: RekeyConfig,
  parameters: { address: Address; chainIds?: readonly number[] | undefined; signal?: AbortSignal | undefined },
): Promise<ChainHistory[]> {
  const { address, chainIds, signal } = parameters
  const answers = await readFromChains(
    selectChains(config, chainIds),
    (chain) => readOn(config, chain, address),
    signal,
  )
  return answers.map((answer): ChainHistory => {
    const chainId = answer.chain.id
    return 'error' in answer ? { chainId, error: answer.error } : { chainId, entries: answer.value }
  })
}

async function readOn({ contracts }: RekeyConfig, chain: ConfiguredChain, account: Address): Promise<HistoryEntry[]> {
  const logs = await readEvents(chain, ({ fromBlock, toBlock }) =>
    chain.client.request({
      method: 'eth_getLogs',
      params: [
        {
          address: [contracts.guardianRecovery, contracts.passkeyValidator],
          // The account is the first indexed field of every event of both.
          topics: [null, pad(account)],
          fromBlock: numberToHex(fromBlock),
          toBlock: toBlock === undefined ? 'latest' : numberToHex(toBlock),
        },
      ],
    }),
  )
  return logs.flatMap((log) => toEntry(chain.id, log))
}

function toEntry(chainId: number, log: RpcLog): HistoryEntry[] {
  const timestamp: unknown = Reflect.get(log, 'blockTimestamp')
  const time = typeof timestamp === 'string' ? hexToNumber(timestamp as `0x${string}`) : undefined
  const parsed = parseEventLogs({ abi, logs: [formatLog(log)], strict: true })
  return parsed.flatMap((event) => {
    const { eventName: kind, args, blockNumber, logIndex, transactionHash } = event
    // What is still waiting to be mined has no block.
    if (blockNumber === null || logIndex === null || transactionHash === null) return []
    return [{ chainId, kind, args, blockNumber, logIndex, transactionHash, time } as HistoryEntry]
  })
}
