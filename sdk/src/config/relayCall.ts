import type { Address, Hash, Hex, TransactionReceipt } from 'viem'
import { call, getTransactionReceipt } from 'viem/actions'
import { NotIncludedError, RelayFailedError, RelayMissingError, TransactionRevertedError } from '../errors/chain.ts'
import { ContractError } from '../errors/contract.ts'
import { findContractError } from '../errors/findContractError.ts'
import { poll, throwIfAborted } from './abort.ts'
import { type ChainOutcome, checkChain } from './chainWork.ts'
import type { ConfiguredChain } from './createConfig.ts'

const inclusionSeconds = 180

/** What {@link relayCall} takes. */
export type RelayedCall = {
  to: Address
  data?: Hex | undefined
  /** The caller has just seen that the node serves this chain. */
  isChecked?: boolean | undefined
  /** It cannot fail but by a mistake of the caller: one request less, and the relay estimates it anyway. */
  isSure?: boolean | undefined
  signal?: AbortSignal | undefined
}

/**
 * Sends a call that anyone may make through the chain's relay and waits until it is mined. It is tried against the
 * chain's state first, so that what a contract would refuse is not paid for.
 *
 * @throws {RelayMissingError} when the chain has no relay.
 * @throws {ContractError} when the contract refuses, under the name of its custom error.
 * @throws {AbortedError} when the signal fired; what was sent before stays sent.
 * @throws {TransactionRevertedError} when it was mined and reverted all the same.
 */
export async function relayCall(
  chain: ConfiguredChain,
  { to, data = '0x', isChecked = false, isSure = false, signal }: RelayedCall,
): Promise<TransactionReceipt> {
  const { client, relay, id } = chain
  if (!relay) throw new RelayMissingError(id)
  if (!isChecked) await checkChain(chain)
  if (!isSure) await tryCall(chain, { to, data })
  throwIfAborted(signal)
  const hash = await relay.send({ chainId: id, to, data, signal })
  const receipt = await waitForReceipt(chain, hash, signal)
  if (receipt.status === 'success') return receipt
  const cause = await call(client, { to, data, blockNumber: receipt.blockNumber }).catch((error: unknown) => error)
  throw new TransactionRevertedError({ chainId: id, hash, cause: findContractError(cause) })
}

/**
 * Does the same, and says how it went as work on a chain does.
 *
 * @param request - `isDone`: asked when contract or relay refuses. Anyone may have delivered the same in the meantime, from
 * another device or from this one before it was cut off; then nothing is left to do.
 */
export async function deliverCall(
  chain: ConfiguredChain,
  { isDone, ...request }: RelayedCall & { isDone?: (() => Promise<boolean>) | undefined },
): Promise<ChainOutcome> {
  try {
    const { transactionHash, gasUsed } = await relayCall(chain, request)
    return { status: 'done', transactionHash, gasUsed }
  } catch (error) {
    if (isRefused(error) && (await isDone?.())) return { status: 'skipped' }
    throw error
  }
}

function isRefused(error: unknown): boolean {
  return [ContractError, RelayFailedError, TransactionRevertedError].some((refusal) => error instanceof refusal)
}

/**
 * Makes a call without a transaction.
 *
 * @throws {ContractError} when the contract refuses.
 */
export async function tryCall({ client }: ConfiguredChain, request: { to: Address; data: Hex }): Promise<void> {
  try {
    await call(client, request)
  } catch (error) {
    throw findContractError(error) ?? error
  }
}

async function waitForReceipt(
  { client, id }: ConfiguredChain,
  hash: Hash,
  signal: AbortSignal | undefined,
): Promise<TransactionReceipt> {
  const ask = async (): Promise<TransactionReceipt | undefined> => {
    try {
      return await getTransactionReceipt(client, { hash })
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionReceiptNotFoundError') return undefined
      throw error
    }
  }
  const receipt = await poll(ask, { seconds: inclusionSeconds, intervalMs: client.pollingInterval, signal })
  if (!receipt) throw new NotIncludedError({ chainId: id, hash, seconds: inclusionSeconds })
  return receipt
}
