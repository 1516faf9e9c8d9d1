import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import type { ChainResult } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import type { Call } from '../encoding/execution.ts'
import { recoveryTypedData } from '../encoding/typedData.ts'
import { type OwnerMessageParameters, sendOwnerMessage } from './changes/sendOwnerMessage.ts'
import { readRecoveryRecord, recordStatus } from './recoveryState.ts'

/** What {@link vetoRecovery} takes. */
export type VetoRecoveryParameters = OwnerMessageParameters & {
  /** The recovery's digest. */
  digest: Hex
}

/**
 * Stops a recovery on every chain, with one prompt; also where it has not been started yet.
 *
 * `vetoRecovery.calls` returns the same as calls for a batch of the account or, with the owner's signature, of anyone.
 *
 * @returns One result per chain: `skipped` where it had been vetoed before.
 * @throws {WebAuthnNotAllowedError} when the prompt was closed; nothing was sent.
 * @throws {PasskeyCannotSignError} when the passkey signs for the account on none of the chains.
 * @example
 * const results = await vetoRecovery(account, { digest })
 * @see SPEC §8.5
 */
export const vetoRecovery = /* @__PURE__ */ Object.assign(
  async (account: PasskeyAccount, { digest, ...work }: VetoRecoveryParameters): Promise<ChainResult[]> => {
    const { config, address } = account
    const { contracts } = config
    const typedData = recoveryTypedData(contracts.guardianRecovery, 'Veto', { account: address, recovery: digest })
    const isDone = async (chain: ConfiguredChain) =>
      (await readRecoveryRecord(chain, contracts, { account: address, digest })).status === recordStatus.vetoed
    const toCalls = (ownerSignature: Hex) => vetoCalls({ contracts, account: address, digest, ownerSignature })
    return sendOwnerMessage(account, { build: async () => ({ typedData, isDone, toCalls }) }, work)
  },
  { calls: vetoCalls },
)

function vetoCalls(parameters: {
  contracts: Contracts
  account: Address
  /** The recovery's digest. */
  digest: Hex
  /** Default: none, for the account's own batch. */
  ownerSignature?: Hex | undefined
}): Call[] {
  const { contracts, account, digest, ownerSignature = '0x' } = parameters
  const args = [account, digest, ownerSignature] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'veto', args })
  return [{ to: contracts.guardianRecovery, data }]
}
