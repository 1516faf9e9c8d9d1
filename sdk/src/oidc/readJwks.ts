import { IssuerUnreachableError } from '../errors/signIn.ts'
import { fetchJson, type IssuerFetchOptions } from './fetchJson.ts'

/**
 * Reads the keys that an issuer shows: over https or from this machine, without following to another address.
 *
 * @param jwksUri - The issuer's `jwks_uri`.
 * @returns A JWK set as it came; {@link findSigningKey} looks a token's key up in it.
 * @throws {IssuerUnreachableError}
 * @example
 * const key = findSigningKey(await readJwks(provider.jwksUri), token)
 */
export async function readJwks(jwksUri: string, options: IssuerFetchOptions = {}): Promise<unknown> {
  const { isOk, body } = await fetchJson(jwksUri, options)
  if (!isOk || !Array.isArray(body.keys)) throw new IssuerUnreachableError(new URL(jwksUri).origin, 'it shows no keys')
  return body
}
