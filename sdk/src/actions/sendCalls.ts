import type { Hash } from 'viem'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { frameUserOpSignature, signDigest } from '../accounts/signDigest.ts'
import { finishSignature } from '../accounts/toSmartAccount.ts'
import { throwIfAborted } from '../config/abort.ts'
import type { Call } from '../encoding/execution.ts'
import type { CallsRevertedError } from '../errors/chain.ts'
import { callsRevertedError, prepareUserOp, sendUserOp, waitForUserOp } from './userOps.ts'

/** What {@link sendCalls} takes. */
export type SendCallsParameters = {
  chainId: number
  /** Done in order, all or nothing. */
  calls: readonly Call[]
  signal?: AbortSignal | undefined
}

/** What {@link sendCalls} returns, once the userOp is included. */
export type SendCallsReturnType = {
  readonly chainId: number
  readonly userOpHash: Hash
  readonly transactionHash: Hash
  readonly gasUsed: bigint
  /** False when the calls reverted; `error` says why. */
  readonly success: boolean
  readonly error?: CallsRevertedError | undefined
}

/**
 * Sends calls from the account on one chain, with one prompt, and waits until they are included. The first ones create
 * the account there and set it up by themselves.
 *
 * @throws {BundlerMissingError} {@link WrongChainIdError} {@link PasskeyCannotSignError} before any prompt.
 * @throws {BundlerRejectedError} with the reason in words; {@link InsufficientFundsError} {@link NonceTakenError}
 * @throws {WebAuthnNotAllowedError} when the prompt was closed; nothing was sent.
 * @example
 * const { transactionHash } = await sendCalls(account, { chainId: 8453, calls: [{ to, value: parseEther('0.1') }] })
 */
export async function sendCalls(
  account: PasskeyAccount,
  { chainId, calls, signal }: SendCallsParameters,
): Promise<SendCallsReturnType> {
  const prepared = await prepareUserOp(account, { chainId, calls, signal })
  const assertion = await signDigest(account, prepared.hash, signal)
  const signature = await finishSignature(account, prepared.chain, prepared.userOperation, (place) =>
    frameUserOpSignature(account, place, assertion),
  )
  throwIfAborted(signal)
  const userOpHash = await sendUserOp(account, prepared, signature)
  const receipt = await waitForUserOp(account, prepared, userOpHash, signal)
  const error = callsRevertedError(chainId, receipt)
  return {
    chainId,
    userOpHash,
    transactionHash: receipt.receipt.transactionHash,
    gasUsed: receipt.actualGasUsed,
    success: receipt.success,
    ...(error && { error }),
  }
}
