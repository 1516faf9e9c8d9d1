import type { PasskeyAccount } from '@rekey/sdk'
import { type CodeReplacement, resumeCodeReplacement } from '@rekey/sdk/codes'
import { type KeyValueStore, readKept, writeKept } from './storage.ts'

/** New codes that were announced here and are not in force everywhere; no code is kept. */
const keyOf = ({ address }: PasskeyAccount): string => `rekey.newCodes.${address.toLowerCase()}`

/** Reads a replacement of codes that was announced. One that is damaged is dropped: the old codes stay good. */
export function readReplacement(account: PasskeyAccount, store: KeyValueStore): CodeReplacement | undefined {
  return readKept(store, keyOf(account), (text) => resumeCodeReplacement(account, JSON.parse(text))).value
}

/** Keeps a replacement, or forgets it. */
export function keepReplacement(
  account: PasskeyAccount,
  replacement: CodeReplacement | undefined,
  store: KeyValueStore,
): void {
  writeKept(store, keyOf(account), replacement)
}
