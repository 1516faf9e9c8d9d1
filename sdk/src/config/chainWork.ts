import type { Hash } from 'viem'
import { getChainId } from 'viem/actions'
import { type BaseError, isRekeyError } from '../errors/base.ts'
import {
  AbortedError,
  BundlerMissingError,
  BundlerUnreachableError,
  ChainUnreachableError,
  WrongChainIdError,
} from '../errors/chain.ts'
import { findContractError } from '../errors/findContractError.ts'
import { throwIfAborted, untilAborted } from './abort.ts'
import type { ConfiguredChain } from './createConfig.ts'

/** How an action went on one chain. */
export type ChainResult = {
  readonly chainId: number
  /** `skipped`: there was nothing left to do. */
  readonly status: 'done' | 'skipped' | 'failed'
  readonly transactionHash?: Hash | undefined
  readonly gasUsed?: bigint | undefined
  readonly error?: BaseError | undefined
}

/** What a piece of work on one chain returns besides the chain. */
export type ChainOutcome = Omit<ChainResult, 'chainId'>

/** Told of each chain as soon as it is settled. */
export type OnProgress = (result: ChainResult) => void

/**
 * Does the same on several chains at once. It never rejects: a chain that fails hides no other chain's result.
 */
export async function runOnChains<chain extends { readonly id: number }>(
  chains: readonly chain[],
  work: (chain: chain) => Promise<ChainOutcome>,
  options: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined } = {},
): Promise<ChainResult[]> {
  return Promise.all(
    chains.map(async (chain) => {
      const result = { chainId: chain.id, ...(await settle(chain, work, options.signal)) }
      options.onProgress?.(result)
      return result
    }),
  )
}

/**
 * Reads from several chains at once; every chain has a value or an error.
 *
 * @throws {AbortedError} when the signal fires before all have answered.
 */
export async function readFromChains<chain extends { readonly id: number }, value>(
  chains: readonly chain[],
  read: (chain: chain) => Promise<value>,
  signal?: AbortSignal,
): Promise<({ chain: chain; value: value } | { chain: chain; error: BaseError })[]> {
  const answers = chains.map(async (chain) => {
    try {
      return { chain, value: await read(chain) }
    } catch (error) {
      return { chain, error: toChainError(error, chain.id) }
    }
  })
  return untilAborted(Promise.all(answers), signal)
}

/** Turns anything thrown while talking to a chain into a typed error: ours, a contract's, or that it did not answer. */
export function toChainError(error: unknown, chainId: number, signal?: AbortSignal): BaseError {
  if (signal?.aborted) return isAbort(error) ? error : new AbortedError(error)
  if (isRekeyError(error)) return error
  return findContractError(error) ?? new ChainUnreachableError(chainId, error)
}

function isAbort(error: unknown): error is BaseError {
  return isRekeyError(error, 'CHAIN_ABORTED') || isRekeyError(error, 'WEBAUTHN_ABORTED')
}

/**
 * Checks that node and, where it is needed, bundler serve the chain they are configured for.
 *
 * @throws {WrongChainIdError} when one of them serves another chain.
 * @throws {BundlerMissingError} when a bundler is needed and there is none.
 */
export async function checkChain(chain: ConfiguredChain, needs: 'node' | 'bundler' = 'node'): Promise<void> {
  const { client, bundler, id } = chain
  if (needs === 'bundler' && !bundler) throw new BundlerMissingError(id)
  const [seen, seenByBundler] = await Promise.all([
    getChainId(client).catch((cause: unknown) => {
      throw new ChainUnreachableError(id, cause)
    }),
    needs === 'bundler' && bundler
      ? bundler.getChainId().catch((cause: unknown) => {
          throw new BundlerUnreachableError(id, cause)
        })
      : undefined,
  ])
  if (seen !== id) throw new WrongChainIdError('node', { seen, wanted: id })
  if (seenByBundler !== undefined && seenByBundler !== id)
    throw new WrongChainIdError('bundler', { seen: seenByBundler, wanted: id })
}

async function settle<chain extends { readonly id: number }>(
  chain: chain,
  work: (chain: chain) => Promise<ChainOutcome>,
  signal: AbortSignal | undefined,
): Promise<ChainOutcome> {
  try {
    throwIfAborted(signal)
    return await untilAborted(work(chain), signal)
  } catch (error) {
    return { status: 'failed', error: toChainError(error, chain.id, signal) }
  }
}
