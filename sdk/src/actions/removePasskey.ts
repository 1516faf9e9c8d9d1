import { encodeFunctionData, type Hex, pad, size } from 'viem'
import { passkeyValidatorAbi } from '../abis/used.ts'
import { findPasskey, readPasskeys } from '../accounts/accountState.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { type ChainResult, checkChain, type OnProgress, readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, selectChains } from '../config/createConfig.ts'
import { LastPasskeyError, PasskeyNotFoundError } from '../errors/account.ts'
import { sendCallsOnChains } from './sendCallsOnChains.ts'
import type { ChainCalls } from './signedCalls.ts'

/** What {@link removePasskey} takes. */
export type RemovePasskeyParameters = {
  /** Commitment of the passkey: all 32 bytes, or the 24 that chains store. */
  commitment: Hex
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/**
 * Removes a passkey on every chain that has it, with one prompt. It is named by its content, so that a place that was
 * given away in the meantime cannot be hit.
 *
 * @returns One result per chain: `skipped` where the passkey is not.
 * @throws {LastPasskeyError} when no proven passkey would remain on one of the chains; before any prompt.
 * @throws {PasskeyNotFoundError} when no chain that answers has the passkey.
 * @example
 * await removePasskey(account, { commitment })
 */
export async function removePasskey(
  account: PasskeyAccount,
  { commitment, chainIds, signal, onProgress }: RemovePasskeyParameters,
): Promise<ChainResult[]> {
  const full = size(commitment) === 24 ? pad(commitment, { size: 32 }) : commitment
  const chains = selectChains(account.config, chainIds)
  const answers = await readFromChains(chains, (chain) => planRemoval(account, chain, full), signal)
  const batches: ChainCalls[] = []
  const settled = new Map<number, ChainResult>()
  for (const answer of answers) {
    const chainId = answer.chain.id
    if ('error' in answer) {
      if (answer.error.code === 'ACCOUNT_LAST_PASSKEY') throw answer.error
      settled.set(chainId, { chainId, status: 'failed', error: answer.error })
    } else if (answer.value) batches.push(answer.value)
    else settled.set(chainId, { chainId, status: 'skipped' })
  }
  if (batches.length === 0 && [...settled.values()].every(({ status }) => status === 'skipped'))
    throw new PasskeyNotFoundError(commitment)
  for (const result of settled.values()) onProgress?.(result)
  for (const result of await sendCallsOnChains(account, { batches, signal, onProgress }))
    settled.set(result.chainId, result)
  return chains.flatMap(({ id }) => settled.get(id) ?? [])
}

async function planRemoval(
  { config, address }: PasskeyAccount,
  chain: ConfiguredChain,
  commitment: Hex,
): Promise<ChainCalls | undefined> {
  await checkChain(chain)
  const state = await readPasskeys(chain, config.contracts, address)
  const passkey = findPasskey(state, commitment)
  if (!passkey) return undefined
  if (!state.passkeys.some((other) => other.isProven && other !== passkey)) throw new LastPasskeyError(chain.id)
  const args = [passkey.index, passkey.commitment] as const
  const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'removeCredential', args })
  return { chainId: chain.id, calls: [{ to: config.contracts.passkeyValidator, data }] }
}
