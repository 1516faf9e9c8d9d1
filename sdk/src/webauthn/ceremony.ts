import { bytesToHex, type Hex } from 'viem'
import {
  toWebAuthnError,
  WebAuthnInsecureContextError,
  WebAuthnNotSupportedError,
  WebAuthnResponseError,
} from '../errors/webauthn.ts'
import type { AuthenticatorData } from './authenticatorData.ts'
import type { ClientData } from './clientData.ts'
import { toRpIdHash, toUint8Array } from './credential.ts'

/** The part of `navigator.credentials` that ceremonies use; the software authenticator implements it too. */
export type CredentialsContainerLike = {
  create(options?: CredentialCreationOptions): Promise<Credential | null>
  get(options?: CredentialRequestOptions): Promise<Credential | null>
}

/** What both ceremonies take. */
export type CeremonyParameters = {
  /** The relying party id: the page's domain or a parent of it. */
  rpId: string
  /** Origins that the answer may come from. Default: the origin of this page. */
  origins?: readonly string[] | undefined
  /** Whether an answer from a cross-origin frame is accepted. Default: no. */
  allowsCrossOrigin?: boolean | undefined
  /** Ends the ceremony and closes the prompt. */
  signal?: AbortSignal | undefined
  /** Milliseconds after which the browser may give up; browsers choose their own bounds. */
  timeoutMs?: number | undefined
  /** Stands in for `navigator.credentials`. */
  credentials?: CredentialsContainerLike | undefined
}

/** A `PublicKeyCredential` with the response its ceremony returns. */
export type CeremonyResult<response extends AuthenticatorResponse> = Omit<PublicKeyCredential, 'response'> & {
  readonly response: response
}

/**
 * Returns the container that performs ceremonies.
 *
 * @throws {WebAuthnInsecureContextError} on a page without HTTPS, where browsers hide it.
 * @throws {WebAuthnNotSupportedError} where there is none, or one that knows passwords only.
 */
export function getContainer(credentials: CredentialsContainerLike | undefined): CredentialsContainerLike {
  if (credentials) return credentials
  if (globalThis.isSecureContext === false) throw new WebAuthnInsecureContextError()
  const container = globalThis.navigator?.credentials
  if (!container || !globalThis.PublicKeyCredential) throw new WebAuthnNotSupportedError()
  return container
}

/**
 * Runs one ceremony and returns its answer, or throws the error that names what went wrong.
 *
 * @throws {WebAuthnNotAllowedError} and the other WebAuthn errors.
 */
export async function runCeremony<response extends AuthenticatorResponse>(
  { rpId, signal }: CeremonyParameters,
  ceremony: () => Promise<Credential | null>,
): Promise<CeremonyResult<response>> {
  let answer: Credential | null
  try {
    signal?.throwIfAborted()
    answer = await ceremony()
    signal?.throwIfAborted()
  } catch (cause) {
    throw toWebAuthnError(cause, { rpId, signal })
  }
  if (answer?.type !== 'public-key' || !('response' in answer)) throw toWebAuthnError(undefined, { rpId })
  return answer as CeremonyResult<response>
}

/**
 * Checks what the browser wrote against what was asked, and refuses what contracts would refuse.
 *
 * @throws {WebAuthnResponseError} naming the first difference.
 * @see SPEC §3, Checked
 */
export function checkResponse(
  parameters: CeremonyParameters & { type: 'webauthn.create' | 'webauthn.get'; challenge: string },
  clientData: ClientData,
  { rpIdHash, flags }: AuthenticatorData,
): void {
  const origins = expectedOrigins(parameters.origins)
  if (clientData.type !== parameters.type) throw new WebAuthnResponseError('type', clientData.type)
  if (clientData.challenge !== parameters.challenge)
    throw new WebAuthnResponseError('challenge', 'another one was signed')
  if (!origins.includes(clientData.origin)) throw new WebAuthnResponseError('origin', clientData.origin)
  if (clientData.crossOrigin && !parameters.allowsCrossOrigin)
    throw new WebAuthnResponseError('crossOrigin', 'made in a frame')
  if (rpIdHash !== toRpIdHash(parameters.rpId)) throw new WebAuthnResponseError('rpId', `not "${parameters.rpId}"`)
  if (!flags.userPresent) throw new WebAuthnResponseError('userPresence', 'nobody touched the authenticator')
  if (!flags.userVerified) throw new WebAuthnResponseError('userVerification', 'the user was not verified')
  if (flags.backedUp && !flags.backupEligible)
    throw new WebAuthnResponseError('backupFlags', 'backed up, but not eligible')
}

/** Returns the origins an answer may come from. */
export function expectedOrigins(origins: readonly string[] | undefined): readonly string[] {
  if (origins) return origins
  const origin = globalThis.location?.origin
  return origin === undefined ? [] : [origin]
}

/** Returns the id of a credential as hex. */
export function toCredentialId({ rawId }: { readonly rawId: ArrayBuffer }): Hex {
  return bytesToHex(toUint8Array(rawId))
}
