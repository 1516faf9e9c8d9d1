import type { Hash, Hex } from 'viem'
import { formatUserOperationRequest, type UserOperation, type UserOperationReceipt } from 'viem/account-abstraction'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { buildSmartAccount, checkSignable, hashUserOp } from '../accounts/toSmartAccount.ts'
import { poll, throwIfAborted, untilAborted } from '../config/abort.ts'
import { checkChain } from '../config/chainWork.ts'
import { type ConfiguredChain, getChain } from '../config/createConfig.ts'
import { type Call, encodeExecute } from '../encoding/execution.ts'
import { BundlerMissingError, CallsRevertedError, NotIncludedError } from '../errors/chain.ts'
import { findContractError } from '../errors/findContractError.ts'
import { toUserOpError } from './userOpError.ts'

/** A userOp that lacks nothing but its signature. */
export type PreparedUserOp = {
  readonly id: number
  readonly chain: ConfiguredChain
  readonly userOperation: UserOperation<'0.8'>
  /** What the passkey signs, itself or in a Merkle tree. */
  readonly hash: Hex
}

const inclusionSeconds = 180

/**
 * Fills in everything of a userOp but the signature, and checks all that can be checked before anyone is asked.
 *
 * @throws {BundlerMissingError} {@link WrongChainIdError} {@link PasskeyCannotSignError} {@link BundlerRejectedError}
 * @throws {AbortedError} when the signal fired.
 */
export async function prepareUserOp(
  account: PasskeyAccount,
  parameters: {
    chainId: number
    calls: readonly Call[]
    proofDepth?: number | undefined
    signal?: AbortSignal | undefined
  },
): Promise<PreparedUserOp> {
  const { chainId, calls, signal } = parameters
  const chain = getChain(account.config, chainId)
  // Calls that cannot be encoded are the caller's mistake and not the bundler's answer.
  encodeExecute(calls)
  throwIfAborted(signal)
  return untilAborted(prepare(account, chain, parameters), signal)
}

async function prepare(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  { chainId, calls, proofDepth, signal }: Parameters<typeof prepareUserOp>[1],
): Promise<PreparedUserOp> {
  await checkChain(chain, 'bundler')
  const { bundler } = chain
  if (!bundler) throw new BundlerMissingError(chainId)
  try {
    const smartAccount = await buildSmartAccount(account, chain, { proofDepth, signal })
    const prepared = await bundler.prepareUserOperation({ account: smartAccount, calls: [...calls] })
    const { account: _, calls: __, ...userOperation } = { calls: undefined, ...prepared }
    await checkSignable(account, chain, userOperation)
    return { id: chainId, chain, userOperation, hash: hashUserOp(account, chainId, userOperation) }
  } catch (error) {
    throw toUserOpError(error, { chainId, account: account.address, signal })
  }
}

/**
 * Hands a signed userOp to the bundler.
 *
 * @throws {NonceTakenError} {@link AccountCreatedMeanwhileError} {@link BundlerRejectedError}
 */
export async function sendUserOp(
  account: PasskeyAccount,
  { chain, userOperation }: PreparedUserOp,
  signature: Hex,
): Promise<Hash> {
  const { bundler, id } = chain
  if (!bundler) throw new BundlerMissingError(id)
  try {
    return await bundler.request(
      {
        method: 'eth_sendUserOperation',
        params: [formatUserOperationRequest({ ...userOperation, signature }), account.config.contracts.entryPoint],
      },
      { retryCount: 0 },
    )
  } catch (error) {
    throw toUserOpError(error, { chainId: id, account: account.address })
  }
}

/**
 * Waits until a userOp is included.
 *
 * @throws {NotIncludedError} when it is not in time.
 * @throws {AbortedError} when the signal ended the wait; the userOp stays sent.
 */
export async function waitForUserOp(
  account: PasskeyAccount,
  { chain }: PreparedUserOp,
  hash: Hash,
  signal?: AbortSignal,
): Promise<UserOperationReceipt<'0.8'>> {
  const { bundler, id } = chain
  if (!bundler) throw new BundlerMissingError(id)
  const ask = async (): Promise<UserOperationReceipt<'0.8'> | undefined> => {
    try {
      return await bundler.getUserOperationReceipt({ hash })
    } catch (error) {
      if (error instanceof Error && error.name === 'UserOperationReceiptNotFoundError') return undefined
      throw toUserOpError(error, { chainId: id, account: account.address, signal })
    }
  }
  const receipt = await poll(ask, { seconds: inclusionSeconds, intervalMs: bundler.pollingInterval, signal })
  if (!receipt) throw new NotIncludedError({ chainId: id, hash, seconds: inclusionSeconds })
  return receipt
}

/** Returns why the calls of an included userOp reverted, or `undefined` when they did not. */
export function callsRevertedError(
  chainId: number,
  receipt: UserOperationReceipt<'0.8'>,
): CallsRevertedError | undefined {
  if (receipt.success) return undefined
  const { transactionHash } = receipt.receipt
  return new CallsRevertedError({ chainId, transactionHash, cause: findContractError(receipt.reason) })
}
