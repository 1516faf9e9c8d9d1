import type { PasskeyAccount } from '@rekey/sdk'
import { loadPlan, type RecoveryPlan } from '@rekey/sdk/recovery'
import { type KeyValueStore, readKept, writeKept } from './storage.ts'

/** A plan that was signed and has not arrived everywhere; nothing in it is secret. */
const keyOf = ({ address }: PasskeyAccount): string => `rekey.plan.${address.toLowerCase()}`

/** Reads the plan that was interrupted. One that is damaged is dropped: the networks can be aligned without it. */
export function readPlan(account: PasskeyAccount, store: KeyValueStore): RecoveryPlan | undefined {
  return readKept(store, keyOf(account), (text) => loadPlan(account, JSON.parse(text))).value
}

/** Keeps a plan while some network misses it, or forgets it. */
export function keepPlan(account: PasskeyAccount, plan: RecoveryPlan | undefined, store: KeyValueStore): void {
  writeKept(store, keyOf(account), plan)
}
