import { type GuardianInput, passkeyGuardian } from '@rekey/sdk/recovery'
import { type CredentialRecord, createCredential } from '@rekey/sdk/webauthn'
import { createDevice, type Device, origin, stackContracts } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

/** Somebody with a passkey on a device of their own, and what they are as guardian. */
export type Friend = {
  readonly credential: CredentialRecord
  readonly credentials: Device['credentials']
  readonly guardian: GuardianInput
}

export async function createFriend(stack: Stack, seed: string): Promise<Friend> {
  const { credentials } = createDevice(seed)
  const page = { rpId: 'localhost', rpName: 'Rekey', origins: [origin], credentials }
  const { credential } = await createCredential({ ...page, userName: 'Friend' })
  return { credential, credentials, guardian: passkeyGuardian({ contracts: stackContracts(stack) }, credential) }
}
