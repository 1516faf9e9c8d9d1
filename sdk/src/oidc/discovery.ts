import { SignInProviderError } from '../errors/signIn.ts'
import { fetchJson, type IssuerFetchOptions } from './fetchJson.ts'
import { oidcAlgorithms } from './issuerKey.ts'
import {
  buildProvider,
  type ClientParameters,
  type OidcProviderParameters,
  type SignInProvider,
  type SignInResponseType,
  selectAccount,
  signInAnew,
} from './provider.ts'

/** What {@link discoverOidc} takes. */
export type DiscoverOidcParameters = ClientParameters &
  IssuerFetchOptions &
  Pick<OidcProviderParameters, 'issuer' | 'otherAudiences' | 'responseType'> & {
    /** Default: the issuer's host. */
    readonly id?: string | undefined
    /** Default: the issuer's host. */
    readonly name?: string | undefined
    /** Origins besides the issuer's own that its endpoints may be at. */
    readonly otherOrigins?: readonly string[] | undefined
  }

/**
 * Asks an issuer itself how to sign in there (OpenID Connect Discovery). Keep the result: asking anew each time lets
 * whoever answers for the issuer one day lead users elsewhere.
 *
 * @throws {SignInProviderError} when it calls itself otherwise, has endpoints at strange origins, or its tokens could not be
 * verified on chain.
 * @throws {IssuerUnreachableError}
 * @example
 * const provider = await discoverOidc({ issuer: 'https://login.example.com', clientId: 'rekey' })
 */
export async function discoverOidc(parameters: DiscoverOidcParameters): Promise<SignInProvider> {
  const { issuer, clientId, otherAudiences, otherOrigins = [] } = parameters
  const origins = [URL.parse(issuer)?.origin ?? '', ...otherOrigins]
  const { isOk, body } = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, parameters)
  if (!isOk || body.issuer !== issuer) throw new SignInProviderError('discovery', 'it calls itself by another name')
  const endpoint = (name: string): string | undefined => {
    const address = body[name]
    if (address === undefined) return undefined
    const origin = typeof address === 'string' ? URL.parse(address)?.origin : undefined
    if (typeof address !== 'string' || origin === undefined || !origins.includes(origin))
      throw new SignInProviderError('discovery', `${name} is at another origin`)
    return address
  }
  const authorizationEndpoint = endpoint('authorization_endpoint')
  if (authorizationEndpoint === undefined) throw new SignInProviderError('discovery', 'it has no page to sign in')
  const algorithms = textsOf(body.id_token_signing_alg_values_supported)
  if (algorithms.length > 0 && !algorithms.some((name) => Object.hasOwn(oidcAlgorithms, name)))
    throw new SignInProviderError('discovery', 'it signs with neither RS256 nor ES256')
  const { host } = new URL(issuer)
  return buildProvider(
    {
      id: parameters.id ?? host,
      name: parameters.name ?? host,
      issuer,
      clientId,
      otherAudiences,
      authorizationEndpoint,
      responseType: parameters.responseType ?? responseTypeOf(body),
      tokenEndpoint: endpoint('token_endpoint'),
      jwksUri: endpoint('jwks_uri'),
    },
    { parameters: textsOf(body.prompt_values_supported).includes(selectAccount.prompt) ? selectAccount : signInAnew },
  )
}

/** The simplest that the issuer offers and a page without a server can use. */
function responseTypeOf(body: Readonly<Record<string, unknown>>): SignInResponseType {
  const offered = textsOf(body.response_types_supported)
  if (offered.includes('id_token')) return 'id_token'
  if (offered.includes('code') && textsOf(body.code_challenge_methods_supported).includes('S256')) return 'code'
  if (offered.includes('code id_token')) return 'code id_token'
  throw new SignInProviderError('discovery', 'it gives pages neither ID tokens nor codes with PKCE')
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
