import { type Address, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import type { ChainResult } from '../../config/chainWork.ts'
import type { Contracts } from '../../config/contracts.ts'
import { readTogether } from '../../config/readTogether.ts'
import { changeKinds } from '../../encoding/changes.ts'
import type { Call } from '../../encoding/execution.ts'
import { recoveryTypedData } from '../../encoding/typedData.ts'
import { chooseIssuedAt, policyQuestions } from '../recoveryState.ts'
import { type OwnerMessageParameters, sendOwnerMessage } from './sendOwnerMessage.ts'

/** What can be announced besides a policy, which `planRecovery` announces. */
export type Announcement =
  /** The account gives up its guardians. */
  | { readonly kind: 'uninstall' }
  /** The account runs other code. */
  | { readonly kind: 'upgrade'; readonly implementation: Address }

/**
 * Announces that the account will give up its guardians or run other code, on every chain with one prompt. It takes effect
 * after the wait of the policy, by `applyChange`; until then it can be called off.
 *
 * `announceChange.calls` returns the same as calls for a batch of the account or, with the owner's signature, of anyone.
 *
 * @throws {PasskeyCannotSignError} when the passkey signs for the account on none of the chains.
 * @example
 * await announceChange(account, { change: { kind: 'upgrade', implementation: '0x…' } })
 * @see SPEC §8.6
 */
export const announceChange = /* @__PURE__ */ Object.assign(
  async (
    account: PasskeyAccount,
    { change, ...work }: OwnerMessageParameters & { change: Announcement },
  ): Promise<ChainResult[]> => {
    const { config, address } = account
    const { contracts } = config
    const build = async (ready: Parameters<typeof chooseIssuedAt>[0]) => {
      const issuedAt = await chooseIssuedAt(ready, contracts, address)
      const typedData =
        change.kind === 'upgrade'
          ? recoveryTypedData(contracts.guardianRecovery, 'Upgrade', {
              account: address,
              implementation: change.implementation,
              issuedAt,
            })
          : recoveryTypedData(contracts.guardianRecovery, 'Uninstall', { account: address, issuedAt })
      return {
        typedData: typedData as ReturnType<typeof recoveryTypedData<'Uninstall' | 'Upgrade'>>,
        isDone: async (chain: (typeof ready)[number]) => {
          const seen = await readTogether(chain, { change: policyQuestions(contracts, address).change })
          return seen.change.kind === changeKinds[change.kind] && seen.change.issuedAt === issuedAt
        },
        toCalls: (ownerSignature: Hex) =>
          announceCalls({ contracts, account: address, change, issuedAt, ownerSignature }),
      }
    }
    return sendOwnerMessage(account, { build }, work)
  },
  { calls: announceCalls },
)

function announceCalls(parameters: {
  contracts: Contracts
  account: Address
  change: Announcement
  /** Unix time in seconds. */
  issuedAt: number
  /** Default: none, for the account's own batch. */
  ownerSignature?: Hex | undefined
}): Call[] {
  const { contracts, account, change, issuedAt, ownerSignature = '0x' } = parameters
  const value = change.kind === 'upgrade' ? change.implementation : zeroAddress
  const args = [account, changeKinds[change.kind], value, issuedAt, ownerSignature] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'announce', args })
  return [{ to: contracts.guardianRecovery, data }]
}
