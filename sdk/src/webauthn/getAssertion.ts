import { bytesToHex, type Hex } from 'viem'
import { expectSize, toBytes } from '../encoding/cursor.ts'
import { WebAuthnResponseError } from '../errors/webauthn.ts'
import type { Assertion } from './assertion.ts'
import { type AuthenticatorFlags, parseAuthenticatorData } from './authenticatorData.ts'
import { toBase64Url } from './base64url.ts'
import { type CeremonyParameters, checkResponse, getContainer, runCeremony, toCredentialId } from './ceremony.ts'
import { decodeUtf8, parseClientData } from './clientData.ts'
import { copy, toDescriptor } from './createCredential.ts'
import { toUint8Array } from './credential.ts'
import { parseSignature } from './signature.ts'

/** What {@link getAssertion} takes. */
export type GetAssertionParameters = CeremonyParameters & {
  /** The 32 bytes to sign. */
  challenge: Hex
  /** Ids of the credentials that may answer; without it any discoverable passkey of the relying party may. */
  allowCredentials?: readonly Hex[] | undefined
  /** How the browser asks, for example `conditional` for passkeys in autofill. */
  mediation?: CredentialMediationRequirement | undefined
  /** WebAuthn extensions to ask for, for example `prf`. */
  extensions?: AuthenticationExtensionsClientInputs | undefined
}

/** The answer of a passkey. */
export type AssertionResult = {
  readonly assertion: Assertion
  readonly credentialId: Hex
  /** The 32 bytes stored with a discoverable passkey; absent when the authenticator does not tell. */
  readonly userHandle: Hex | undefined
  readonly flags: AuthenticatorFlags
  readonly clientExtensionResults: AuthenticationExtensionsClientOutputs
}

/**
 * Asks a passkey to sign 32 bytes, with user verification, and checks everything of the answer but the signature.
 *
 * The signature comes back with low s, ready for the contracts. It is not verified here: which key answers is known
 * only to the caller.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed, timed out, or no passkey matched.
 * @throws {WebAuthnAbortedError} when `signal` ended it.
 * @throws {WebAuthnResponseError} when the answer does not match the request.
 * @throws {EncodingError} when the answer is not well-formed.
 * @example
 * const { assertion, credentialId } = await getAssertion({ rpId: 'example.com', challenge: userOpHash })
 * @see SPEC §3, Checked
 */
export async function getAssertion(parameters: GetAssertionParameters): Promise<AssertionResult> {
  const challenge = toBytes(expectSize(parameters.challenge, 32, 'challenge'), 'challenge')
  const { rpId, allowCredentials, timeoutMs, mediation, extensions, signal } = parameters
  const container = getContainer(parameters.credentials)
  const answer = await runCeremony<AuthenticatorAssertionResponse>(parameters, () =>
    container.get({
      publicKey: {
        rpId,
        challenge: copy(challenge),
        userVerification: 'required',
        ...(allowCredentials && { allowCredentials: allowCredentials.map(toDescriptor) }),
        ...(timeoutMs !== undefined && { timeout: timeoutMs }),
        ...(extensions && { extensions }),
      },
      ...(mediation && { mediation }),
      ...(signal && { signal }),
    }),
  )

  const authenticatorData = toUint8Array(answer.response.authenticatorData)
  const clientDataJSON = decodeUtf8(toUint8Array(answer.response.clientDataJSON))
  const { rpIdHash, flags, ...rest } = parseAuthenticatorData(authenticatorData)
  checkResponse(
    { ...parameters, type: 'webauthn.get', challenge: toBase64Url(challenge) },
    parseClientData(clientDataJSON),
    { rpIdHash, flags, ...rest },
  )
  const credentialId = toCredentialId(answer)
  if (allowCredentials && !allowCredentials.some((id) => id.toLowerCase() === credentialId))
    throw new WebAuthnResponseError('credentialId', 'a passkey answered that was not asked')
  const { userHandle } = answer.response
  return {
    assertion: {
      authenticatorData: bytesToHex(authenticatorData),
      clientDataJSON,
      signature: parseSignature(toUint8Array(answer.response.signature)),
    },
    credentialId,
    userHandle: userHandle && userHandle.byteLength > 0 ? bytesToHex(toUint8Array(userHandle)) : undefined,
    flags,
    clientExtensionResults: answer.getClientExtensionResults(),
  }
}
