import { bytesToHex, concat, type Hex, keccak256, size, stringToBytes } from 'viem'
import { UnsupportedIssuerKeyError } from '../errors/oidc.ts'
import { fromBase64Url } from '../webauthn/base64url.ts'

/** Algorithms of RFC 7518 that the contracts verify, by their number there. */
export const oidcAlgorithms = { RS256: 1, ES256: 2 } as const

/** Name of an algorithm of {@link oidcAlgorithms}. */
export type OidcAlgorithm = keyof typeof oidcAlgorithms

/** A key that an issuer signs tokens with. */
export type IssuerKey = {
  readonly algorithm: OidcAlgorithm
  /** RS256: the modulus, 256, 384 or 512 bytes. ES256: x ‖ y. */
  readonly key: Hex
}

/** An entry of an issuer's JWKS (RFC 7517), as it came; everything in it may be missing or strange. */
export type Jwk = Readonly<Record<string, unknown>>

const modulusSizes: readonly number[] = [256, 384, 512]

/**
 * Reads a key from an issuer's JWKS.
 *
 * @throws {UnsupportedIssuerKeyError} when the contracts verify no such key, or it is not for signatures.
 * @see SPEC §10, OidcKeyRegistry
 */
export function readIssuerKey(jwk: Jwk): IssuerKey {
  const { kty, use, key_ops: operations, alg } = jwk
  if (use !== undefined && use !== 'sig') throw new UnsupportedIssuerKeyError('it is not for signatures')
  if (operations !== undefined && !(Array.isArray(operations) && operations.every((one) => one === 'verify')))
    throw new UnsupportedIssuerKeyError('it is not for verifying signatures')
  if (kty === 'RSA') {
    if (alg !== undefined && alg !== 'RS256') throw new UnsupportedIssuerKeyError('its algorithm is not RS256')
    if (jwk.e !== 'AQAB') throw new UnsupportedIssuerKeyError('its exponent is not 65537')
    const key = bytesOf(jwk.n, 'modulus')
    const isOdd = ((key.at(-1) ?? 0) & 1) === 1
    if (!modulusSizes.includes(key.length) || (key[0] ?? 0) < 0x80 || !isOdd)
      throw new UnsupportedIssuerKeyError('its modulus is not an odd number of 2048, 3072 or 4096 bits')
    return { algorithm: 'RS256', key: bytesToHex(key) }
  }
  if (kty === 'EC') {
    if (jwk.crv !== 'P-256') throw new UnsupportedIssuerKeyError('its curve is not P-256')
    if (alg !== undefined && alg !== 'ES256') throw new UnsupportedIssuerKeyError('its algorithm is not ES256')
    const [x, y] = [bytesOf(jwk.x, 'x'), bytesOf(jwk.y, 'y')]
    if (x.length !== 32 || y.length !== 32) throw new UnsupportedIssuerKeyError('its coordinates have not 32 bytes')
    return { algorithm: 'ES256', key: concat([bytesToHex(x), bytesToHex(y)]) }
  }
  throw new UnsupportedIssuerKeyError('it is neither an RSA nor an elliptic curve key')
}

/** Returns what stands for a key on chain: keccak256(algorithm ‖ key). */
export function issuerKeyHash({ algorithm, key }: IssuerKey): Hex {
  return keccak256(concat([`0x0${oidcAlgorithms[algorithm]}`, key]))
}

/** Returns the name a registry has for an issuer's key: keccak256(keccak256(issuer) ‖ keccak256(kid)). */
export function issuerKeyId(issuer: string, kid: string): Hex {
  return keccak256(concat([keccak256(stringToBytes(issuer)), keccak256(stringToBytes(kid))]))
}

/** Number of bytes of a signature by this key. */
export function signatureSizeOf({ algorithm, key }: IssuerKey): number {
  return algorithm === 'RS256' ? size(key) : 64
}

function bytesOf(text: unknown, name: string): Uint8Array {
  try {
    if (typeof text === 'string') return fromBase64Url(text)
  } catch {}
  throw new UnsupportedIssuerKeyError(`its ${name} is not base64url`)
}
