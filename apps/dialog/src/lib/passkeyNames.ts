import type { PasskeyAccount } from '@rekey/sdk'
import { type Hex, isHex } from 'viem'
import { type KeyValueStore, readKept } from './storage.ts'

/** What the owner calls the passkeys of an account, in this browser only: no network and no other device knows. */
const keyOf = ({ address }: Pick<PasskeyAccount, 'address'>): string => `rekey.passkeyNames.${address.toLowerCase()}`

/** The longest name that is kept. */
export const maxNameLength = 40

/** Reads the names, by the commitments of the passkeys. What is damaged is forgotten. */
export function readPasskeyNames(
  account: Pick<PasskeyAccount, 'address'>,
  store: KeyValueStore,
): ReadonlyMap<Hex, string> {
  return readKept(store, keyOf(account), parse).value ?? new Map()
}

/** Names a passkey; an empty name takes the name away. */
export function renamePasskey(
  account: Pick<PasskeyAccount, 'address'>,
  { commitment, name }: { commitment: Hex; name: string },
  store: KeyValueStore,
): void {
  const names = new Map(readPasskeyNames(account, store))
  const clean = name.trim().slice(0, maxNameLength)
  if (clean === '') names.delete(commitment)
  else names.set(commitment, clean)
  store.setItem(keyOf(account), JSON.stringify([...names]))
}

function parse(json: string): ReadonlyMap<Hex, string> {
  const value: unknown = JSON.parse(json)
  if (!Array.isArray(value) || !value.every(isEntry)) throw new Error('These are not names of passkeys.')
  return new Map(value)
}

function isEntry(value: unknown): value is readonly [Hex, string] {
  return Array.isArray(value) && value.length === 2 && isHex(value[0]) && typeof value[1] === 'string'
}
