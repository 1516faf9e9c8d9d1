import { generateKeyPair, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto'
import { type IssuerKey, type OidcAlgorithm, readIssuerKey } from '@rekey/sdk/oidc'

/** A key that a local issuer signs with. */
export type LocalKey = {
  /** 40 hexadecimal digits, as Google's have. */
  readonly kid: string
  readonly key: IssuerKey
  readonly privateJwk: JsonWebKey
}

/** Makes a fresh key: RSA-2048 or P-256. */
export async function createLocalKey(algorithm: OidcAlgorithm): Promise<LocalKey> {
  const kid = randomBytes(20).toString('hex')
  const privateKey = await generate(algorithm)
  const { kty, n, e, crv, x, y } = privateKey.export({ format: 'jwk' })
  const key = readIssuerKey({ kty, n, e, crv, x, y })
  return { kid, key, privateJwk: { ...privateKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' } }
}

function generate(algorithm: OidcAlgorithm): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, _: KeyObject, privateKey: KeyObject): void =>
      error ? reject(error) : resolve(privateKey)
    if (algorithm === 'RS256') generateKeyPair('rsa', { modulusLength: 2048 }, done)
    else generateKeyPair('ec', { namedCurve: 'P-256' }, done)
  })
}
