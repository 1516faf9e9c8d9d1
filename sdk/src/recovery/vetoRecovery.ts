import { encodeFunctionData, type Hex, hashTypedData } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { signDigest } from '../accounts/signDigest.ts'
import { type ChainResult, type OnProgress, runOnChains } from '../config/chainWork.ts'
import { selectChains } from '../config/createConfig.ts'
import { relayCall } from '../config/relayCall.ts'
import { recoveryTypedData } from '../encoding/typedData.ts'
import { deliverOwnerSignature, findReadyChains } from './ownerMessage.ts'
import { readRecoveryRecord, recordStatus } from './recoveryState.ts'

/** What {@link vetoRecovery} takes. */
export type VetoRecoveryParameters = {
  /** The recovery's digest. */
  digest: Hex
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/**
 * Stops a recovery on every chain, with one prompt; also where it has not been started yet.
 *
 * @returns One result per chain: `skipped` where it had been vetoed before.
 * @throws {WebAuthnNotAllowedError} when the prompt was closed; nothing was sent.
 * @throws {PasskeyCannotSignError} when the passkey signs for the account on none of the chains.
 * @example
 * const results = await vetoRecovery(account, { digest })
 * @see SPEC §8.5
 */
export async function vetoRecovery(
  account: PasskeyAccount,
  { digest, chainIds, signal, onProgress }: VetoRecoveryParameters,
): Promise<ChainResult[]> {
  const { config, address } = account
  const { contracts } = config
  const chains = selectChains(config, chainIds)
  await findReadyChains(account, chains, signal)
  const message = recoveryTypedData(contracts.guardianRecovery, 'Veto', { account: address, recovery: digest })
  const assertion = await signDigest(account, hashTypedData(message), signal)
  return runOnChains(
    chains,
    async (chain) => {
      const { status } = await readRecoveryRecord(chain, contracts, { account: address, digest })
      if (status === recordStatus.vetoed) return { status: 'skipped' }
      const ownerSignature = await deliverOwnerSignature(account, chain, { assertion, signal })
      const args = [address, digest, ownerSignature] as const
      const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'veto', args })
      const { transactionHash, gasUsed } = await relayCall(chain, { to: contracts.guardianRecovery, data, signal })
      return { status: 'done', transactionHash, gasUsed }
    },
    { signal, onProgress },
  )
}
