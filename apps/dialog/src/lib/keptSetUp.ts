import type { PasskeyAccount } from '@rekey/sdk'
import type { SetUp } from '../flows/setUp.ts'
import { type KeyValueStore, readKept } from './storage.ts'

/** What somebody has chosen so far; nothing in it is secret. */
export type KeptSetUp = Pick<SetUp, 'guardians' | 'preset' | 'isAtOnce' | 'freezeHours'>

const keyOf = ({ address }: PasskeyAccount): string => `rekey.setUp.${address.toLowerCase()}`

/** Keeps what was chosen while its owner signs in elsewhere in this very tab. */
export function keepSetUp(account: PasskeyAccount, setUp: SetUp, store: KeyValueStore): void {
  const { guardians, preset, isAtOnce, freezeHours } = setUp
  store.setItem(keyOf(account), JSON.stringify({ guardians, preset, isAtOnce, freezeHours } satisfies KeptSetUp))
}

/** Takes what was kept; it is gone then, and what is damaged is dropped. The owner reviews all of it before it counts. */
export function takeSetUp(account: PasskeyAccount, store: KeyValueStore): KeptSetUp | undefined {
  const { value } = readKept(store, keyOf(account), parse)
  store.removeItem(keyOf(account))
  return value
}

function parse(json: string): KeptSetUp {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null || !Array.isArray(Reflect.get(value, 'guardians')))
    throw new Error('This is no set-up that was kept.')
  return value as KeptSetUp
}
