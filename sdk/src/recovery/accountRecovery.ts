import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { announceChange } from './changes/announceChange.ts'
import { applyChange } from './changes/applyChange.ts'
import { cancelChange } from './changes/cancelChange.ts'
import { readChanges } from './changes/readChanges.ts'
import { findPolicy } from './findPolicy.ts'
import { getPolicy } from './getPolicy.ts'
import { type StartDrillParameters, startDrill } from './guardianRequests/drill.ts'
import { type ReadHealthParameters, readHealth } from './health/readHealth.ts'
import { readHistory } from './history/readHistory.ts'
import { type Loss, simulateLoss } from './plan/simulateLoss.ts'
import { type PlanRecoveryParameters, planRecovery } from './planRecovery.ts'
import { type VetoRecoveryParameters, vetoRecovery } from './vetoRecovery.ts'

type Without<parameters, keys extends string> = Omit<parameters, keys>
type ChainParameters = { chainIds?: readonly number[] | undefined; signal?: AbortSignal | undefined }

/**
 * Bundles everything an owner does about recovery into one object. It is sugar: each entry is a function of this package
 * with the account filled in, and a page that imports those instead loads only what it uses.
 *
 * @example
 * const recovery = recoveryOf(account)
 * const plan = await recovery.plan({ guardians, preset: 'careful' })
 * const { score } = await recovery.health()
 */
export function recoveryOf(account: PasskeyAccount) {
  const { config, address } = account
  return {
    plan: (parameters: PlanRecoveryParameters) => planRecovery(account, parameters),
    policy: (chainId: number) => getPolicy(config, { address, chainId }),
    health: (parameters: Without<ReadHealthParameters, 'address'> = {}) =>
      readHealth(config, { address, ...parameters }),
    /** Reads the newest policy and simulates a loss under it. */
    simulate: async (loss: Loss) => simulateLoss((await findPolicy(config, { account: address })).policy.policy, loss),
    history: (parameters: ChainParameters = {}) => readHistory(config, { address, ...parameters }),
    changes: (parameters: ChainParameters = {}) => readChanges(config, { address, ...parameters }),
    announce: (parameters: Parameters<typeof announceChange>[1]) => announceChange(account, parameters),
    apply: (parameters?: Parameters<typeof applyChange>[1]) => applyChange(account, parameters),
    cancel: (parameters?: Parameters<typeof cancelChange>[1]) => cancelChange(account, parameters),
    veto: (digest: VetoRecoveryParameters['digest'], parameters: Without<VetoRecoveryParameters, 'digest'> = {}) =>
      vetoRecovery(account, { digest, ...parameters }),
    drill: (parameters: Without<StartDrillParameters, 'account'> = {}) =>
      startDrill(config, { account: address, ...parameters }),
  }
}
