import type { PasskeyAccount, PasskeyList } from '@rekey/sdk'
import { credentialCommitment, toCredential } from '@rekey/sdk/webauthn'
import { type PasskeyRow, passkeyRows } from '../flows/passkeyRows.ts'
import { readPasskeyNames } from './passkeyNames.ts'
import { readPasskeyNotes } from './passkeyNotes.ts'
import type { KeyValueStore } from './storage.ts'

/** Puts together what the networks and this browser know of the account's passkeys. */
export function knownPasskeys(
  account: PasskeyAccount,
  list: PasskeyList,
  { otherPages, store }: { otherPages: readonly string[]; store: KeyValueStore },
): PasskeyRow[] {
  const { config, credential } = account
  return passkeyRows(list, {
    ownCredentialId: credential.id,
    ownCommitment: credentialCommitment(toCredential(credential)),
    notes: readPasskeyNotes(store),
    names: readPasskeyNames(account, store),
    domains: [config.rpId, credential.rpId, ...otherPages.map((page) => new URL(page).hostname)],
  })
}
