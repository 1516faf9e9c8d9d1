import type { Hex } from 'viem'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { frameUserOpSignature } from '../accounts/signDigest.ts'
import { signDigests } from '../accounts/signDigests.ts'
import { finishSignature } from '../accounts/toSmartAccount.ts'
import { throwIfAborted } from '../config/abort.ts'
import {
  type ChainOutcome,
  type ChainResult,
  type OnProgress,
  readFromChains,
  runOnChains,
} from '../config/chainWork.ts'
import type { Call } from '../encoding/execution.ts'
import { EncodingError } from '../errors/encoding.ts'
import type { Assertion } from '../webauthn/assertion.ts'
import { callsRevertedError, type PreparedUserOp, prepareUserOp, sendUserOp, waitForUserOp } from './userOps.ts'

/** Calls on one chain. */
export type ChainCalls = { readonly chainId: number; readonly calls: readonly Call[] }

/** What {@link sendCallsOnChains} takes. */
export type SendCallsOnChainsParameters = {
  batches: readonly ChainCalls[]
  signal?: AbortSignal | undefined
  /** Told of each chain as soon as it is settled. */
  onProgress?: OnProgress | undefined
}

/**
 * Sends calls from the account on several chains with one prompt: the passkey signs the root of a Merkle tree over the
 * userOps. A chain that fails, before the prompt or after it, leaves the others as they are.
 *
 * @returns One result per batch, in order; nothing is thrown for a single chain.
 * @throws {WebAuthnNotAllowedError} when the prompt was closed; nothing was sent.
 * @example
 * const results = await sendCallsOnChains(account, { batches: [{ chainId: 1, calls }, { chainId: 8453, calls }] })
 * @see SPEC §3, Challenge
 */
export async function sendCallsOnChains(
  account: PasskeyAccount,
  { batches, signal, onProgress }: SendCallsOnChainsParameters,
): Promise<ChainResult[]> {
  if (new Set(batches.map(({ chainId }) => chainId)).size !== batches.length)
    throw new EncodingError('list of batches', 'it names a chain twice')
  const proofDepth = batches.length > 1 ? Math.ceil(Math.log2(batches.length)) : undefined
  const answers = await readFromChains(
    batches.map(({ chainId, calls }) => ({ id: chainId, calls })),
    ({ id, calls }) => prepareUserOp(account, { chainId: id, calls, proofDepth, signal }),
    signal,
  )
  const results = new Map<number, ChainResult>()
  for (const answer of answers)
    if ('error' in answer) {
      const result: ChainResult = { chainId: answer.chain.id, status: 'failed', error: answer.error }
      results.set(result.chainId, result)
      onProgress?.(result)
    }
  const prepared = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  if (prepared.length > 0) {
    const digests = prepared.map(({ hash }) => hash)
    const { assertion, proofs } = await signDigests(account, digests, signal)
    const send = (op: PreparedUserOp) => sendOne(account, op, assertion, proofs[prepared.indexOf(op)], signal)
    for (const result of await runOnChains(prepared, send, { signal, onProgress })) results.set(result.chainId, result)
  }
  return batches.flatMap(({ chainId }) => results.get(chainId) ?? [])
}

async function sendOne(
  account: PasskeyAccount,
  prepared: PreparedUserOp,
  assertion: Assertion,
  proof: readonly Hex[] | undefined,
  signal: AbortSignal | undefined,
): Promise<ChainOutcome> {
  const signature = await finishSignature(account, prepared.chain, prepared.userOperation, (place) =>
    frameUserOpSignature(account, place, assertion, proof),
  )
  throwIfAborted(signal)
  const userOpHash = await sendUserOp(account, prepared, signature)
  const receipt = await waitForUserOp(account, prepared, userOpHash, signal)
  const { transactionHash } = receipt.receipt
  const error = callsRevertedError(prepared.id, receipt)
  return { status: error ? 'failed' : 'done', transactionHash, gasUsed: receipt.actualGasUsed, ...(error && { error }) }
}
