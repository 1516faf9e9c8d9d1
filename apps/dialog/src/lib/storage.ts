import { loadAccount, type PasskeyAccount, type RekeyConfig } from '@rekey/sdk'
import { loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'

/** What the page keeps from visit to visit. None of it is secret; all of it is checked when it is read. */
const keys = { account: 'rekey.account', recovery: 'rekey.recovery' } as const

/** The part of `localStorage` that is used. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Something kept earlier: there, missing, or not what it claims to be. */
export type Kept<value> = { readonly value: value | undefined; readonly wasDamaged: boolean }

/** Reads the account. Its address must follow from its first passkey; one that does not is dropped. */
export function readAccount(config: RekeyConfig, store: KeyValueStore): Kept<PasskeyAccount> {
  return readKept(store, keys.account, (text) => loadAccount(config, JSON.parse(text)))
}

/** Keeps the account, or forgets it. */
export function keepAccount(account: PasskeyAccount | undefined, store: KeyValueStore): void {
  writeKept(store, keys.account, account)
}

/** Reads the recovery that was under way. */
export function readRecovery(config: RekeyConfig, store: KeyValueStore): Kept<RecoveryRequest> {
  return readKept(store, keys.recovery, (text) => loadRecovery(config, JSON.parse(text)))
}

/** Keeps a recovery, or forgets it. */
export function keepRecovery(recovery: RecoveryRequest | undefined, store: KeyValueStore): void {
  writeKept(store, keys.recovery, recovery)
}

/** Reads what was kept under a key; what is damaged is forgotten. */
export function readKept<value>(store: KeyValueStore, key: string, parse: (text: string) => value): Kept<value> {
  const text = store.getItem(key)
  if (text === null) return { value: undefined, wasDamaged: false }
  try {
    return { value: parse(text), wasDamaged: false }
  } catch {
    store.removeItem(key)
    return { value: undefined, wasDamaged: true }
  }
}

/** Keeps a value under a key, or forgets what was there. */
export function writeKept(store: KeyValueStore, key: string, value: { toJSON(): unknown } | undefined): void {
  if (value) store.setItem(key, JSON.stringify(value))
  else store.removeItem(key)
}
