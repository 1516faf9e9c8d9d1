import { bytesToHex, type Hex } from 'viem'
import { toBytes } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { WebAuthnResponseError } from '../errors/webauthn.ts'
import { type AttestedCredential, type AuthenticatorFlags, parseAuthenticatorData } from './authenticatorData.ts'
import { toBase64Url } from './base64url.ts'
import { decodeCbor } from './cbor.ts'
import {
  type CeremonyParameters,
  type CeremonyResult,
  checkResponse,
  expectedOrigins,
  getContainer,
  runCeremony,
  toCredentialId,
} from './ceremony.ts'
import { decodeUtf8, parseClientData } from './clientData.ts'
import { type CredentialRecord, credentialFlags, toUint8Array } from './credential.ts'
import { parsePublicKey } from './publicKey.ts'

/** What {@link createCredential} takes. */
export type CreateCredentialParameters = CeremonyParameters & {
  /** Name of the relying party as shown by the browser. */
  rpName: string
  /** Name of the passkey as shown in the list of passkeys. */
  userName: string
  /** Name of the person; default: `userName`. */
  userDisplayName?: string | undefined
  /** 32 random bytes that find the account again; default: new ones. Never anything about the person. */
  userHandle?: Hex | undefined
  /** Ids of the account's credentials, so that a device does not replace the passkey it holds. */
  excludeCredentials?: readonly Hex[] | undefined
  /** Offer only this device (`platform`) or only others (`cross-platform`). */
  authenticatorAttachment?: AuthenticatorAttachment | undefined
  /**
   * Ask for a security key, and let it keep nothing: it then answers only when it is asked for by the credential's id.
   * Default: a discoverable passkey, wherever the user wants it.
   */
  isSecurityKey?: boolean | undefined
  /** WebAuthn extensions to ask for, for example `prf`. */
  extensions?: AuthenticationExtensionsClientInputs | undefined
}

/** A passkey that was just created. */
export type CreatedCredential = {
  readonly credential: CredentialRecord
  /** The 32 bytes stored with the passkey. */
  readonly userHandle: Hex
  /** The model of authenticator, zero where it does not tell. */
  readonly aaguid: Hex
  readonly flags: AuthenticatorFlags
  /** How the authenticator is reached, for later requests. */
  readonly transports: readonly string[]
  readonly clientExtensionResults: AuthenticationExtensionsClientOutputs
}

const es256 = -7
const minIdLength = 16
const maxIdLength = 1_023

/**
 * Creates a user-verified P-256 passkey, discoverable unless it is on a security key, and returns what the account stores
 * of it.
 *
 * The attestation is not asked for and not checked: who made the authenticator does not matter to an account.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed or timed out.
 * @throws {WebAuthnAlreadyRegisteredError} when the device holds one of `excludeCredentials`.
 * @throws {WebAuthnResponseError} when the answer does not match the request.
 * @throws {EncodingError} when the answer is not well-formed.
 * @example
 * const { credential, userHandle } = await createCredential({ rpId: 'example.com', rpName: 'Example', userName: 'Ada' })
 * @see SPEC §3, Credential and §11
 */
export async function createCredential(parameters: CreateCredentialParameters): Promise<CreatedCredential> {
  const userHandle = parameters.userHandle ?? bytesToHex(randomBytes())
  if (toBytes(userHandle, 'user handle').length !== 32) throw new EncodingError('user handle', 'it has not 32 bytes')
  const challenge = randomBytes()
  const publicKey = toCreationOptions(parameters, userHandle, challenge)
  const container = getContainer(parameters.credentials)
  const answer = await runCeremony<AuthenticatorAttestationResponse>(parameters, () =>
    container.create({ publicKey, ...(parameters.signal && { signal: parameters.signal }) }),
  )

  const attestation = parseAttestationObject(toUint8Array(answer.response.attestationObject))
  const clientData = parseClientData(decodeUtf8(toUint8Array(answer.response.clientDataJSON)))
  checkResponse({ ...parameters, type: 'webauthn.create', challenge: toBase64Url(challenge) }, clientData, attestation)
  const id = checkAttested(answer, attestation.attestedCredential)
  return {
    credential: {
      id,
      publicKey: attestation.attestedCredential.publicKey,
      rpId: parameters.rpId,
      origins: expectedOrigins(parameters.origins),
      flags: credentialFlags.userVerification | (parameters.allowsCrossOrigin ? credentialFlags.crossOrigin : 0),
    },
    userHandle,
    aaguid: attestation.attestedCredential.aaguid,
    flags: attestation.flags,
    transports: answer.response.getTransports?.() ?? [],
    clientExtensionResults: answer.getClientExtensionResults(),
  }
}

/** Authenticator data of a registration. */
export type RegistrationData = Omit<ReturnType<typeof parseAuthenticatorData>, 'attestedCredential'> & {
  readonly attestedCredential: AttestedCredential
}

/**
 * Reads an attestation object and returns the authenticator data in it; the attestation statement is not checked.
 *
 * @throws {EncodingError} when it is not well-formed, however hostile, in bounded time.
 * @throws {InvalidPublicKeyError} when the key is not a P-256 key on the curve.
 * @throws {WebAuthnResponseError} when no credential is attested.
 */
export function parseAttestationObject(bytes: Uint8Array): RegistrationData {
  const object = decodeCbor(bytes)
  const authData: unknown = object instanceof Map ? object.get('authData') : undefined
  if (!(authData instanceof Uint8Array)) throw new EncodingError('attestation object', 'it has no authenticator data')
  const { attestedCredential, ...rest } = parseAuthenticatorData(authData)
  if (!attestedCredential) throw new WebAuthnResponseError('attestedCredential', 'there is none')
  return { ...rest, attestedCredential }
}

function toCreationOptions(
  parameters: CreateCredentialParameters,
  userHandle: Hex,
  challenge: Uint8Array<ArrayBuffer>,
): PublicKeyCredentialCreationOptions {
  const { rpId, rpName, userName, userDisplayName, isSecurityKey, timeoutMs, extensions } = parameters
  const authenticatorAttachment = isSecurityKey ? 'cross-platform' : parameters.authenticatorAttachment
  return {
    rp: { id: rpId, name: rpName },
    user: { id: copy(toBytes(userHandle, 'user handle')), name: userName, displayName: userDisplayName ?? userName },
    challenge,
    pubKeyCredParams: [{ type: 'public-key', alg: es256 }],
    excludeCredentials: (parameters.excludeCredentials ?? []).map(toDescriptor),
    authenticatorSelection: {
      residentKey: isSecurityKey ? 'discouraged' : 'required',
      requireResidentKey: !isSecurityKey,
      userVerification: 'required',
      ...(authenticatorAttachment && { authenticatorAttachment }),
    },
    ...(isSecurityKey && { hints: ['security-key'] }),
    attestation: 'none',
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    ...(extensions && { extensions }),
  }
}

/** The id and the key come from authenticator data; what the browser says besides must agree. */
function checkAttested(answer: CeremonyResult<AuthenticatorAttestationResponse>, attested: AttestedCredential): Hex {
  const id = bytesToHex(attested.credentialId)
  if (id !== toCredentialId(answer)) throw new WebAuthnResponseError('credentialId', 'the browser names another one')
  const { length } = attested.credentialId
  if (length < minIdLength || length > maxIdLength)
    throw new WebAuthnResponseError('credentialId', `it has ${length} bytes`)
  const spki = answer.response.getPublicKey?.()
  if (!spki) return id
  const { x, y } = parsePublicKey(toUint8Array(spki))
  if (x !== attested.publicKey.x || y !== attested.publicKey.y)
    throw new WebAuthnResponseError('publicKey', 'the browser names another one')
  return id
}

/** Names a credential in a request. */
export function toDescriptor(id: Hex): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id: copy(toBytes(id, 'credential id')) }
}

/** Copies bytes into a buffer of their own, which is what browsers take. */
export function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

function randomBytes(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32))
}
