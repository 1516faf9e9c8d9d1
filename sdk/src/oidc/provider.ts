import { SignInProviderError } from '../errors/signIn.ts'
import { oidcLimits } from './identity.ts'
import { readWebAddress } from './webAddress.ts'

/** How an answer comes back: an ID token at once, or a code that is exchanged for one. */
export type SignInResponseType = 'id_token' | 'code id_token' | 'code'

/** Where somebody can sign in. Plain data: it can be kept as JSON. */
export type SignInProvider = {
  /** Short name in the app's own code: `google`. */
  readonly id: string
  /** Name for the user: `Google`. */
  readonly name: string
  /** As in the tokens' `iss`. */
  readonly issuer: string
  /** Client ids whose tokens count for a guardian, 1 to 4; requests are made with the first. */
  readonly audiences: readonly string[]
  readonly authorizationEndpoint: string
  readonly responseType: SignInResponseType
  /** Where a code is exchanged; always there for response type `code`. */
  readonly tokenEndpoint?: string | undefined
  /** Where the issuer shows its keys. */
  readonly jwksUri?: string | undefined
  /** What the request says beyond what every request does. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whether the issuer is a bridge that says who signed in at a provider without ID tokens; then the bridge is trusted. */
  readonly isBridged: boolean
  /** What a recovery by this sign-in makes public for ever, in words for the user. */
  readonly becomesPublic: readonly string[]
}

/** What every provider needs. */
export type ClientParameters = {
  /** The app's client id there. */
  readonly clientId: string
}

/** What {@link oidc} takes. */
export type OidcProviderParameters = ClientParameters & {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly authorizationEndpoint: string
  /** Default: `id_token`. */
  readonly responseType?: SignInResponseType | undefined
  readonly tokenEndpoint?: string | undefined
  readonly jwksUri?: string | undefined
  /** Up to 3 further client ids whose tokens count, such as one of another organisation, in case the first is closed. */
  readonly otherAudiences?: readonly string[] | undefined
}

/** Id of Microsoft's tenant for personal accounts. */
const microsoftConsumers = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * Google. An account has the same number in every app there, so a second client id of another organisation can stand by.
 *
 * @throws {SignInProviderError}
 * @example
 * const provider = google({ clientId: '….apps.googleusercontent.com' })
 */
export function google({
  clientId,
  otherAudiences,
}: ClientParameters & Pick<OidcProviderParameters, 'otherAudiences'>): SignInProvider {
  return buildProvider(
    {
      id: 'google',
      name: 'Google',
      issuer: 'https://accounts.google.com',
      clientId,
      otherAudiences,
      authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
      jwksUri: 'https://www.googleapis.com/oauth2/v3/certs',
    },
    { parameters: selectAccount, number: 'the number of your Google account, which is the same in every app' },
  )
}

/**
 * Apple. The account's number is another for every developer team: the team's end is the guardian's. Apple gives an ID
 * token with a code only; the code is not used, and nobody can.
 *
 * @throws {SignInProviderError}
 * @example
 * const provider = apple({ clientId: 'com.example.web' })
 */
export function apple({ clientId }: ClientParameters): SignInProvider {
  return buildProvider(
    {
      id: 'apple',
      name: 'Apple',
      issuer: 'https://appleid.apple.com',
      clientId,
      authorizationEndpoint: 'https://appleid.apple.com/auth/authorize',
      responseType: 'code id_token',
      jwksUri: 'https://appleid.apple.com/auth/keys',
    },
    {
      parameters: { response_mode: 'fragment' },
      number: "the number of your Apple account, which only apps of this app's developer know",
    },
  )
}

/**
 * Microsoft. The account's number is another for every app.
 *
 * @param tenant - GUID of the organisation's tenant, or `consumers` for personal accounts, which is the default. Issuers of
 * Microsoft are named by their tenant, so that none stands for several.
 * @throws {SignInProviderError} for `common`, `organizations` and names.
 * @example
 * const provider = microsoft({ clientId: '00000000-…' })
 */
export function microsoft({
  clientId,
  tenant = 'consumers',
}: ClientParameters & { readonly tenant?: string | undefined }): SignInProvider {
  const id = tenant === 'consumers' ? microsoftConsumers : tenant
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new SignInProviderError('tenant', 'it is neither consumers nor a GUID in lower case')
  const origin = 'https://login.microsoftonline.com'
  return buildProvider(
    {
      id: 'microsoft',
      name: 'Microsoft',
      issuer: `${origin}/${id}/v2.0`,
      clientId,
      authorizationEndpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
      jwksUri: `${origin}/${tenant}/discovery/v2.0/keys`,
    },
    { parameters: selectAccount, number: 'the number of your Microsoft account, which only this app knows' },
  )
}

/**
 * Facebook. The account's number is another for every app.
 *
 * @throws {SignInProviderError}
 * @example
 * const provider = facebook({ clientId: '1234567890' })
 */
export function facebook({ clientId }: ClientParameters): SignInProvider {
  return buildProvider(
    {
      id: 'facebook',
      name: 'Facebook',
      issuer: 'https://www.facebook.com',
      clientId,
      authorizationEndpoint: 'https://www.facebook.com/dialog/oauth',
      jwksUri: 'https://www.facebook.com/.well-known/oauth/openid/jwks/',
    },
    { number: 'the number of your Facebook account, which only this app knows' },
  )
}

/**
 * Any issuer of OpenID Connect that signs with RS256 or ES256 and takes a nonce. The user has to sign in anew each time:
 * whoever is signed in there anyway would be let through unasked.
 *
 * @throws {SignInProviderError} when an address is neither https nor of this machine, or code flow has no token endpoint.
 * @example
 * const provider = oidc({
 *   id: 'work',
 *   name: 'Example Inc.',
 *   issuer: 'https://login.example.com',
 *   clientId: 'rekey',
 *   authorizationEndpoint: 'https://login.example.com/authorize',
 * })
 */
export function oidc(parameters: OidcProviderParameters): SignInProvider {
  return buildProvider(parameters, { parameters: signInAnew })
}

/** Ways to ask for a user who is there; every issuer knows the second one (OpenID Connect Core §15.1). */
export const selectAccount = { prompt: 'select_account' } as const
export const signInAnew = { prompt: 'login' } as const

/** Puts a provider together, and checks what every one must fulfil. */
export function buildProvider(
  { clientId, otherAudiences = [], responseType = 'id_token', ...given }: OidcProviderParameters,
  more: {
    readonly parameters?: Readonly<Record<string, string>> | undefined
    /** What becomes public of the account, in words for the user. */
    readonly number?: string | undefined
    readonly bridge?: string | undefined
  },
): SignInProvider {
  const { id, name, issuer, authorizationEndpoint, tokenEndpoint, jwksUri } = given
  const audiences = [...new Set([clientId, ...otherAudiences])]
  const isWhole = audiences.every((audience) => audience.length > 0 && audience.length <= oidcLimits.audience)
  if (!isWhole || audiences.length > oidcLimits.audiences)
    throw new SignInProviderError('clientId', `there are 1 to ${oidcLimits.audiences}, none of them empty`)
  if (!readWebAddress(issuer)) throw new SignInProviderError('issuer', notAnAddress)
  for (const [field, address] of Object.entries({ authorizationEndpoint, tokenEndpoint, jwksUri }))
    if (address !== undefined && !readWebAddress(address))
      throw new SignInProviderError('endpoint', `${field}: ${notAnAddress}`)
  if (responseType === 'code' && tokenEndpoint === undefined)
    throw new SignInProviderError('endpoint', 'a code can be exchanged at a token endpoint only')
  const { parameters = {}, number = `the number of your account at ${name}`, bridge } = more
  return {
    id,
    name,
    issuer,
    audiences,
    authorizationEndpoint,
    responseType,
    ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    parameters,
    isBridged: bridge !== undefined,
    becomesPublic: [
      bridge === undefined
        ? `that you have an account at ${name} (${issuer})`
        : `that you have an account at ${name}, as ${bridge} says`,
      number,
      `the app that you sign in to (${clientId}), and when you do`,
    ],
  }
}

const notAnAddress = 'it is neither https nor on this machine, or has a user name or a fragment'
