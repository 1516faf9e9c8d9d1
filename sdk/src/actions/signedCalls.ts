import type { Hash, Hex } from 'viem'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { frameUserOpSignature } from '../accounts/signDigest.ts'
import { signDigests } from '../accounts/signDigests.ts'
import { finishSignature } from '../accounts/toSmartAccount.ts'
import { throwIfAborted } from '../config/abort.ts'
import { type ChainOutcome, type ChainResult, type OnProgress, readFromChains } from '../config/chainWork.ts'
import type { Call } from '../encoding/execution.ts'
import { EncodingError } from '../errors/encoding.ts'
import type { Assertion } from '../webauthn/assertion.ts'
import { callsRevertedError, type PreparedUserOp, prepareUserOp, sendUserOp, waitForUserOp } from './userOps.ts'

/** Calls on one chain. */
export type ChainCalls = { readonly chainId: number; readonly calls: readonly Call[] }

/** A userOp that its owner has signed; it can be sent until its nonce is taken. */
export type SignedUserOp = {
  readonly id: number
  readonly prepared: PreparedUserOp
  readonly assertion: Assertion
  readonly proof: readonly Hex[] | undefined
}

/** What {@link signCallsOnChains} takes. */
export type SignCallsParameters = {
  batches: readonly ChainCalls[]
  signal?: AbortSignal | undefined
  /** Told of each chain that fails before the prompt. */
  onProgress?: OnProgress | undefined
}

/**
 * Has the owner sign calls on several chains with one prompt; a chain on which they cannot even be tried is left out.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed.
 */
export async function signCallsOnChains(
  account: PasskeyAccount,
  { batches, signal, onProgress }: SignCallsParameters,
): Promise<{ readonly signed: readonly SignedUserOp[]; readonly failed: readonly ChainResult[] }> {
  if (new Set(batches.map(({ chainId }) => chainId)).size !== batches.length)
    throw new EncodingError('list of batches', 'it names a chain twice')
  const proofDepth = batches.length > 1 ? Math.ceil(Math.log2(batches.length)) : undefined
  const answers = await readFromChains(
    batches.map(({ chainId, calls }) => ({ id: chainId, calls })),
    ({ id, calls }) => prepareUserOp(account, { chainId: id, calls, proofDepth, signal }),
    signal,
  )
  const failed = answers.flatMap((answer): ChainResult[] =>
    'error' in answer ? [{ chainId: answer.chain.id, status: 'failed', error: answer.error }] : [],
  )
  for (const result of failed) onProgress?.(result)
  const prepared = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  if (prepared.length === 0) return { signed: [], failed }
  const digests = prepared.map(({ hash }) => hash)
  const { assertion, proofs } = await signDigests(account, digests, signal)
  const signed = prepared.map((op, index) => ({ id: op.id, prepared: op, assertion, proof: proofs[index] }))
  return { signed, failed }
}

/** Sends a signed userOp and waits until it is included. */
export async function sendSignedCalls(
  account: PasskeyAccount,
  { prepared, assertion, proof }: SignedUserOp,
  signal?: AbortSignal,
): Promise<ChainOutcome> {
  const signature = await finishSignature(account, prepared.chain, prepared.userOperation, (place) =>
    frameUserOpSignature(account, place, assertion, proof),
  )
  throwIfAborted(signal)
  const userOpHash: Hash = await sendUserOp(account, prepared, signature)
  const receipt = await waitForUserOp(account, prepared, userOpHash, signal)
  const { transactionHash } = receipt.receipt
  const error = callsRevertedError(prepared.id, receipt)
  return { status: error ? 'failed' : 'done', transactionHash, gasUsed: receipt.actualGasUsed, ...(error && { error }) }
}
