import type { PasskeyAccount } from '@rekey/sdk'
import { loadPlan, type RecoveryPlan } from '@rekey/sdk/recovery'
import type { KeyValueStore } from './storage.ts'

/** A plan that was signed and has not arrived everywhere; nothing in it is secret. */
const keyOf = ({ address }: PasskeyAccount): string => `rekey.plan.${address.toLowerCase()}`

/** Reads the plan that was interrupted. One that is damaged is dropped: the networks can be aligned without it. */
export function readPlan(account: PasskeyAccount, store: KeyValueStore): RecoveryPlan | undefined {
  const text = store.getItem(keyOf(account))
  if (text === null) return undefined
  try {
    return loadPlan(account, JSON.parse(text))
  } catch {
    store.removeItem(keyOf(account))
    return undefined
  }
}

/** Keeps a plan while some network misses it, or forgets it. */
export function keepPlan(account: PasskeyAccount, plan: RecoveryPlan | undefined, store: KeyValueStore): void {
  if (plan) store.setItem(keyOf(account), JSON.stringify(plan.toJSON()))
  else store.removeItem(keyOf(account))
}
