import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import type { ChainResult } from '../../config/chainWork.ts'
import type { Contracts } from '../../config/contracts.ts'
import { type Change, changeId, changeKinds } from '../../encoding/changes.ts'
import type { Call } from '../../encoding/execution.ts'
import { recoveryTypedData } from '../../encoding/typedData.ts'
import { NoChangeError } from '../../errors/recovery.ts'
import { readChanges } from './readChanges.ts'
import { type OwnerMessageParameters, sendOwnerMessage } from './sendOwnerMessage.ts'

/**
 * Calls off what was announced, on every chain with one prompt; also on chains that the announcement has not reached.
 *
 * `cancelChange.calls` returns the same as calls for a batch of the account or, with the owner's signature, of anyone.
 *
 * @param parameters - `change`: what to call off. Default: the newest that waits on any chain.
 * @throws {NoChangeError} when nothing waits on any chain that answers; before any prompt.
 * @example
 * await cancelChange(account)
 * @see SPEC §8.6
 */
export const cancelChange = /* @__PURE__ */ Object.assign(
  async (
    account: PasskeyAccount,
    { change: wanted, ...work }: OwnerMessageParameters & { change?: Change | undefined } = {},
  ): Promise<ChainResult[]> => {
    const { config, address } = account
    const { contracts } = config
    const { chainIds, signal } = work
    const seen = await readChanges(config, { address, chainIds, signal })
    const pending = seen.flatMap((chain) => ('change' in chain && chain.change ? [chain.change] : []))
    const change = wanted ?? pending.toSorted((a, b) => b.issuedAt - a.issuedAt)[0]
    if (!change) throw new NoChangeError(address)
    const message = { account: address, change: changeId(change) }
    const typedData = recoveryTypedData(contracts.guardianRecovery, 'CancelChange', message)
    const toCalls = (ownerSignature: Hex) => cancelCalls({ contracts, account: address, change, ownerSignature })
    return sendOwnerMessage(account, { build: async () => ({ typedData, isDone: async () => false, toCalls }) }, work)
  },
  { calls: cancelCalls },
)

function cancelCalls(parameters: {
  contracts: Contracts
  account: Address
  change: Change
  /** Default: none, for the account's own batch. */
  ownerSignature?: Hex | undefined
}): Call[] {
  const { contracts, account, change, ownerSignature = '0x' } = parameters
  const args = [account, changeKinds[change.kind], BigInt(change.value), change.issuedAt, ownerSignature] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'cancelChange', args })
  return [{ to: contracts.guardianRecovery, data }]
}
