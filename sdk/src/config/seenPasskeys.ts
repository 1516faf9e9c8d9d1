import type { CreatedCredential } from '../webauthn/createCredential.ts'
import type { AssertionResult } from '../webauthn/getAssertion.ts'
import { backupState } from '../webauthn/passkeyNote.ts'
import type { RekeyConfig } from './createConfig.ts'

type Observer = Pick<RekeyConfig, 'onPasskeySeen'>

/** Tells the page of a passkey that was just created, and returns it. */
export function tellCreated(config: Observer, created: CreatedCredential, name: string): CreatedCredential {
  const { credential, flags, aaguid, transports, userHandle } = created
  const { id, rpId } = credential
  config.onPasskeySeen?.({ id, rpId, backup: backupState(flags), userHandle, creation: { name, aaguid, transports } })
  return created
}

/** Tells the page of a passkey that just answered, and returns its answer. */
export function tellUsed(config: Observer, answer: AssertionResult, rpId: string): AssertionResult {
  const { credentialId: id, flags, userHandle } = answer
  config.onPasskeySeen?.({ id, rpId, backup: backupState(flags), userHandle })
  return answer
}
