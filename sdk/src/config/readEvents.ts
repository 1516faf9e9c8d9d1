import { getBlockNumber } from 'viem/actions'
import { EventsUnreadableError } from '../errors/chain.ts'
import { throwIfAborted } from './abort.ts'
import type { ConfiguredChain } from './createConfig.ts'

/** Blocks to read events of; the last one where there is no `toBlock`. */
export type BlockRange = { readonly fromBlock: bigint; readonly toBlock?: bigint }

/** A node that needs more parts than this would keep the user waiting for minutes. */
const maxParts = 500

/**
 * Reads events of a range, from the chain's first block to its last by default: with one request, or, from a node that refuses so many blocks
 * at once, part by part.
 *
 * @param read - Reads the events of a range with one request.
 * @throws {EventsUnreadableError} when the node takes ranges so short that there would be more than 500 of them.
 */
export async function readEvents<event>(
  { id, client, fromBlock }: ConfiguredChain,
  read: (range: BlockRange) => Promise<readonly event[]>,
  { signal, range = { fromBlock } }: { signal?: AbortSignal | undefined; range?: BlockRange | undefined } = {},
): Promise<event[]> {
  const whole = await readRange(read, range)
  if ('events' in whole) return [...whole.events]
  const latest = range.toBlock ?? (await getBlockNumber(client, { cacheTime: 0 }))
  const found: event[] = []
  let from = range.fromBlock
  let width = latest - from + 1n
  while (from <= latest) {
    throwIfAborted(signal)
    const toBlock = from + width - 1n < latest ? from + width - 1n : latest
    const part = await readRange(read, { fromBlock: from, toBlock })
    if ('events' in part) {
      found.push(...part.events)
      from = toBlock + 1n
    } else {
      width /= 2n
      if (width === 0n || (latest - from) / width >= maxParts) throw new EventsUnreadableError(id, part.refusal)
    }
  }
  return found
}

/** Tells whether a node answered and refused, in contrast to one that did not answer. */
export function isRefusal(error: unknown): boolean {
  const seen = new Set<unknown>()
  for (let link = error; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link)
    if (typeof Reflect.get(link, 'code') === 'number') return true
    // Some nodes refuse outside of JSON-RPC; 429 asks for patience and not for less.
    const status: unknown = Reflect.get(link, 'status')
    if (typeof status === 'number') return status >= 400 && status < 500 && status !== 429
  }
  return false
}

async function readRange<event>(
  read: (range: BlockRange) => Promise<readonly event[]>,
  range: BlockRange,
): Promise<{ events: readonly event[] } | { refusal: unknown }> {
  try {
    return { events: await read(range) }
  } catch (error) {
    if (isRefusal(error)) return { refusal: error }
    throw error
  }
}
