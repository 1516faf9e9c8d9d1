import type { PasskeyAccount } from '@rekey/sdk'
import { type CodeReplacement, resumeCodeReplacement } from '@rekey/sdk/codes'
import type { KeyValueStore } from './storage.ts'

/** New codes that were announced here and are not in force everywhere; no code is kept. */
const keyOf = ({ address }: PasskeyAccount): string => `rekey.newCodes.${address.toLowerCase()}`

/** Reads a replacement of codes that was announced. One that is damaged is dropped: the old codes stay good. */
export function readReplacement(account: PasskeyAccount, store: KeyValueStore): CodeReplacement | undefined {
  const text = store.getItem(keyOf(account))
  if (text === null) return undefined
  try {
    return resumeCodeReplacement(account, JSON.parse(text))
  } catch {
    store.removeItem(keyOf(account))
    return undefined
  }
}

/** Keeps a replacement, or forgets it. */
export function keepReplacement(
  account: PasskeyAccount,
  replacement: CodeReplacement | undefined,
  store: KeyValueStore,
): void {
  if (replacement) store.setItem(keyOf(account), JSON.stringify(replacement))
  else store.removeItem(keyOf(account))
}
