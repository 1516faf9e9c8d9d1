import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { type ChainResult, type OnProgress, runOnChains } from '../config/chainWork.ts'
import { type ChainCalls, type SignedUserOp, sendSignedCalls, signCallsOnChains } from './signedCalls.ts'

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
  const { signed, failed } = await signCallsOnChains(account, { batches, signal, onProgress })
  const send = (op: SignedUserOp) => sendSignedCalls(account, op, signal)
  const results = [...failed, ...(await runOnChains(signed, send, { signal, onProgress }))]
  return batches.flatMap(({ chainId }) => results.filter((result) => result.chainId === chainId))
}
