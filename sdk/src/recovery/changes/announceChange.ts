import { type Address, encodeFunctionData, type Hex, isAddressEqual, zeroAddress } from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import { type ChainResult, readFromChains } from '../../config/chainWork.ts'
import type { Contracts } from '../../config/contracts.ts'
import type { ConfiguredChain } from '../../config/createConfig.ts'
import { readTogether } from '../../config/readTogether.ts'
import { type Change, changeKinds } from '../../encoding/changes.ts'
import type { Call } from '../../encoding/execution.ts'
import { recoveryTypedData } from '../../encoding/typedData.ts'
import { chooseIssuedAt, policyQuestions } from '../recoveryState.ts'
import { judgeChange } from './readChanges.ts'
import { type OwnerMessageParameters, sendOwnerMessage } from './sendOwnerMessage.ts'

/** What can be announced besides a policy, which `planRecovery` announces. */
export type Announcement =
  /** The account gives up its guardians. */
  | { readonly kind: 'uninstall' }
  /** The account runs other code. */
  | { readonly kind: 'upgrade'; readonly implementation: Address }

/**
 * Announces that the account will give up its guardians or run other code, on every chain with one prompt. It takes effect
 * after the wait of the policy, by `applyChange`; until then it can be called off. Called again, it goes on with the chains
 * that are missing: those that have it wait no longer for that.
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
    const value = announcedValue(change)
    const build = async (ready: readonly ConfiguredChain[]) => {
      const issuedAt = await findIssuedAt(account, ready, { kind: change.kind, value })
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
        isDone: async (chain: ConfiguredChain) => {
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

function announcedValue(change: Announcement): Address {
  return change.kind === 'upgrade' ? change.implementation : zeroAddress
}

/** When it was issued, where some chains have it already and the others would take it too; else a new time. */
async function findIssuedAt(
  { config: { contracts }, address }: PasskeyAccount,
  ready: readonly ConfiguredChain[],
  wanted: Omit<Change, 'issuedAt'>,
): Promise<number> {
  const answers = await readFromChains(ready, (chain) => readTogether(chain, policyQuestions(contracts, address)))
  const chains = answers.flatMap((answer) => {
    if ('error' in answer) return []
    const { head, change } = answer.value
    const seen = judgeChange(answer.value)
    const isSame = seen?.kind === wanted.kind && isAddressEqual(seen.value, wanted.value)
    const isWaiting = isSame && ['waiting', 'held', 'ready'].includes(seen.state)
    return [{ floor: Math.max(head.floor, change.issuedAt), announcedAt: isWaiting ? seen.issuedAt : undefined }]
  })
  const [announcedAt] = chains.flatMap((chain) => chain.announcedAt ?? [])
  const isTaken = chains.every((chain) => chain.announcedAt === announcedAt || chain.floor < (announcedAt ?? 0))
  return announcedAt !== undefined && isTaken ? announcedAt : chooseIssuedAt(ready, contracts, address)
}

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
  const args = [account, changeKinds[change.kind], announcedValue(change), issuedAt, ownerSignature] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'announce', args })
  return [{ to: contracts.guardianRecovery, data }]
}
