import { UnsupportedIssuerKeyError } from '../errors/oidc.ts'
import { parseIdToken } from './idToken.ts'
import { type IssuerKey, type Jwk, readIssuerKey } from './issuerKey.ts'

/**
 * Finds the key that a token names among those an issuer publishes.
 *
 * @param jwks - What the issuer's `jwks_uri` answered (RFC 7517 §5).
 * @throws {UnsupportedIssuerKeyError} when it is not among them, is there twice, or is no key that is verified on chain.
 * @throws {InvalidIdTokenError}
 */
export function findSigningKey(jwks: unknown, token: string): IssuerKey {
  const { kid, algorithm } = parseIdToken(token)
  const kty = algorithm === 'RS256' ? 'RSA' : 'EC'
  const keys = keysOf(jwks).filter((key) => (kid === undefined ? key.kty === kty : key.kid === kid))
  const [key, ...others] = keys
  if (!key) throw new UnsupportedIssuerKeyError('the issuer publishes no key of this name')
  if (others.length > 0) throw new UnsupportedIssuerKeyError('the issuer publishes several keys of this name')
  return readIssuerKey(key)
}

function keysOf(jwks: unknown): readonly Jwk[] {
  const keys = typeof jwks === 'object' && jwks !== null ? Reflect.get(jwks, 'keys') : undefined
  if (!Array.isArray(keys)) throw new UnsupportedIssuerKeyError('the issuer answered with no list of keys')
  return keys.filter((key): key is Jwk => typeof key === 'object' && key !== null)
}
