import type { RekeyConfig } from '@rekey/sdk'
import { loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'
import { type ErrorText, errorText } from './errorText.ts'
import { type KeyValueStore, keepRecovery, readRecovery } from './storage.ts'

/** What the recovery page begins with. */
export type OpenedRecovery = {
  readonly request?: RecoveryRequest | undefined
  /** It was begun on another device: the new passkey is there, and this page only helps it on. */
  readonly isFromElsewhere: boolean
  readonly wasDamaged: boolean
  /** The link in the page's address does not work. */
  readonly error?: ErrorText | undefined
}

const elsewhereKey = 'rekey.recoveryFromElsewhere'

/** Opens the recovery in the page's address or, without one, the recovery that this browser remembers. */
export function openRecovery(
  config: RekeyConfig,
  { href, hash }: Pick<Location, 'href' | 'hash'>,
  store: KeyValueStore,
): OpenedRecovery {
  const kept = readRecovery(config, store)
  if (!hash.startsWith('#recovery=')) {
    const isFromElsewhere = kept.value !== undefined && store.getItem(elsewhereKey) === kept.value.digest
    return { request: kept.value, isFromElsewhere, wasDamaged: kept.wasDamaged }
  }
  try {
    const request = loadRecovery(config, href)
    // The one that was begun here goes on as such, with what this browser has collected.
    if (kept.value?.digest === request.digest)
      return { request: kept.value, isFromElsewhere: store.getItem(elsewhereKey) === request.digest, wasDamaged: false }
    keepRecovery(request, store)
    store.setItem(elsewhereKey, request.digest)
    return { request, isFromElsewhere: true, wasDamaged: false }
  } catch (error) {
    return { isFromElsewhere: false, wasDamaged: false, error: errorText(error) }
  }
}
