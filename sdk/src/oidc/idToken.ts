import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { InvalidIdTokenError } from '../errors/oidc.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import { type OidcAlgorithm, oidcAlgorithms } from './issuerKey.ts'

/** An ID token taken apart. Who signed it is for the contracts to say: nothing here has been verified. */
export type IdToken = {
  readonly algorithm: OidcAlgorithm
  /** Name of the key at the issuer; absent where an issuer has one key only. */
  readonly kid?: string | undefined
  readonly issuer: string
  readonly audience: string
  readonly authorizedParty?: string | undefined
  readonly subject: string
  readonly nonce: string
  /** Unix time in seconds. */
  readonly issuedAt: number
  /** Unix time in seconds. */
  readonly expiresAt: number
  /** Names of all claims. */
  readonly claims: readonly string[]
  /** The header's JSON as it was signed. */
  readonly header: Hex
  /** The claims' JSON as it was signed. */
  readonly payload: Hex
  /** RS256: as long as the modulus. ES256: r ‖ s, with s brought to its lower form. */
  readonly signature: Hex
}

const maxHeader = 512
const maxPayload = 2_048
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * Takes an ID token apart, without verifying who signed it.
 *
 * @throws {InvalidIdTokenError} when it is none that the contracts would accept from any issuer.
 * @see SPEC §10, OidcRecoveryValidator
 */
export function parseIdToken(token: string): IdToken {
  const parts = token.split('.')
  if (parts.length !== 3) throw new InvalidIdTokenError('form', `it has ${parts.length} parts instead of 3`)
  const [header, payload, signature] = parts.map((part, index) => bytesOf(part, partNames[index] ?? ''))
  if (!header || !payload || !signature || signature.length === 0)
    throw new InvalidIdTokenError('form', 'a part is empty')
  if (header.length > maxHeader) throw new InvalidIdTokenError('form', `its header has more than ${maxHeader} bytes`)
  if (payload.length > maxPayload)
    throw new InvalidIdTokenError('form', `its claims have more than ${maxPayload} bytes`)
  const { alg, kid } = jsonOf(header, 'header')
  if (typeof alg !== 'string' || !isAlgorithm(alg))
    throw new InvalidIdTokenError('algorithm', typeof alg === 'string' && alg.length < 20 ? alg : 'none is named')
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) throw new InvalidIdTokenError('kid', 'kid is empty')
  const claims = jsonOf(payload, 'claims')
  return {
    algorithm: alg,
    ...(kid === undefined ? {} : { kid }),
    issuer: text(claims, 'iss'),
    audience: text(claims, 'aud'),
    ...(claims.azp === undefined ? {} : { authorizedParty: text(claims, 'azp') }),
    subject: text(claims, 'sub'),
    nonce: text(claims, 'nonce'),
    issuedAt: seconds(claims, 'iat'),
    expiresAt: seconds(claims, 'exp'),
    claims: Object.keys(claims),
    header: bytesToHex(header),
    payload: bytesToHex(payload),
    signature: alg === 'ES256' ? withLowS(signature) : bytesToHex(signature),
  }
}

/** Returns the nonce that a sign-in has to carry so as to approve a digest: the digest in base64url. */
export function oidcNonce(digest: Hex): string {
  return toBase64Url(hexToBytes(digest))
}

const partNames = ['header', 'claims', 'signature']

function isAlgorithm(name: string): name is OidcAlgorithm {
  return Object.hasOwn(oidcAlgorithms, name)
}

function bytesOf(part: string, name: string): Uint8Array {
  try {
    return fromBase64Url(part)
  } catch {
    throw new InvalidIdTokenError('form', `its ${name} is not base64url`)
  }
}

function jsonOf(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new InvalidIdTokenError('form', `its ${name} are not JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidIdTokenError('form', `its ${name} are not an object`)
  return value as Readonly<Record<string, unknown>>
}

function text(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new InvalidIdTokenError('claim', `${name} is not a text`)
  return value
}

function seconds(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claims[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > 99_999_999_999)
    throw new InvalidIdTokenError('claim', `${name} is not a time in seconds`)
  return value
}

/** Half of all signatures have s in the upper half; both forms are one signature (RFC 7518 does not choose). */
function withLowS(signature: Uint8Array): Hex {
  if (signature.length !== 64) throw new InvalidIdTokenError('form', 'its signature has not 64 bytes')
  const s = BigInt(bytesToHex(signature.subarray(32)))
  if (s <= order / 2n || s >= order) return bytesToHex(signature)
  const low = (order - s).toString(16).padStart(64, '0')
  return `${bytesToHex(signature.subarray(0, 32))}${low}`
}
