import { type CryptoKey, importJWK, type JWK } from 'jose'
import * as v from 'valibot'

/** The bridge's key: what it says with it is believed. */
export type SigningKey = {
  readonly kid: string
  readonly privateKey: CryptoKey
  /** As `/jwks` shows it. */
  readonly publicJwk: JWK
}

const coordinate = v.pipe(v.string(), v.regex(/^[\w-]{43}$/))

/** A private key of P-256 as a JWK (RFC 7517), with the name that it has in tokens. */
export const signingJwk = v.object({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  kid: v.pipe(v.string(), v.regex(/^[\w.~-]{1,128}$/)),
  x: coordinate,
  y: coordinate,
  d: coordinate,
})

/** @throws when `jwk` is no key: its point lies on another curve, or its halves do not belong together. */
export async function readSigningKey(jwk: v.InferOutput<typeof signingJwk>): Promise<SigningKey> {
  const { kty, crv, x, y, d, kid } = jwk
  const privateKey = await importJWK({ kty, crv, x, y, d }, 'ES256')
  if (privateKey instanceof Uint8Array) throw new TypeError('A symmetric key signs no ID tokens.')
  return { kid, privateKey, publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } }
}
