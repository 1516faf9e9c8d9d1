import { type Address, type Hex, hashTypedData } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import { tellCreated, tellUsed } from '../config/seenPasskeys.ts'
import { passkeyTypedData } from '../encoding/typedData.ts'
import { isRekeyError } from '../errors/base.ts'
import { SecurityKeyNotUsedError } from '../errors/passkeys.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { createCredential } from '../webauthn/createCredential.ts'
import { type CredentialRecord, credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'

/** A passkey that has signed that it belongs to an account. */
export type ProvenPasskey = {
  readonly passkey: CredentialRecord
  readonly commitment: Hex
  /** Its assertion over `Prove`, as the contracts take it. */
  readonly possession: Hex
}

/**
 * Makes a passkey for an account, and has it sign that it belongs there: two prompts on its device.
 *
 * @throws {SecurityKeyNotUsedError} when a security key was asked for and none was used.
 */
export async function createProvenPasskey(
  config: RekeyConfig,
  parameters: {
    account: Address
    name: string
    userHandle: Hex
    excludeCredentials: readonly Hex[]
    isSecurityKey?: boolean | undefined
    credentials?: CredentialsContainerLike | undefined
    signal?: AbortSignal | undefined
  },
): Promise<ProvenPasskey> {
  const { account, name, isSecurityKey = false, signal, ...options } = parameters
  const page = { origins: config.origins, credentials: options.credentials ?? config.credentials, signal }
  const created = await withSecurityKey(isSecurityKey, () =>
    createCredential({ ...options, ...page, rpId: config.rpId, rpName: config.rpName, userName: name, isSecurityKey }),
  )
  const { credential: passkey } = tellCreated(config, created, name)
  const commitment = credentialCommitment(toCredential(passkey))
  const answer = await withSecurityKey(isSecurityKey, () =>
    getAssertion({
      ...page,
      rpId: passkey.rpId,
      allowCredentials: [passkey.id],
      challenge: proveDigest(config, { account, commitment }),
    }),
  )
  const { assertion } = tellUsed(config, answer, passkey.rpId)
  return { passkey, commitment, possession: encodeAssertion({ credential: passkey, assertion }) }
}

/** What a passkey signs to show that it belongs to an account, the same on every chain. */
export function proveDigest(
  { contracts }: Pick<RekeyConfig, 'contracts'>,
  message: { account: Address; commitment: Hex },
): Hex {
  return hashTypedData(passkeyTypedData(contracts.passkeyValidator, 'Prove', message))
}

/** Runs a ceremony; one with a security key fails with the words for security keys. */
export async function withSecurityKey<value>(isSecurityKey: boolean, ceremony: () => Promise<value>): Promise<value> {
  try {
    return await ceremony()
  } catch (error) {
    if (isSecurityKey && isRekeyError(error, 'WEBAUTHN_NOT_ALLOWED')) throw new SecurityKeyNotUsedError(error)
    throw error
  }
}
