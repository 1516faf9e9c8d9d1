import { RequestError } from '@rekey/service-kit'
import type { ProviderId } from './providers.ts'

/** An app that may ask this bridge, and the pages that its users are sent back to. */
export type BridgeClient = { readonly id: string; readonly redirectUris: readonly string[] }

/** A sign-in that an app asks for. */
export type Authorization = {
  readonly client: string
  readonly redirectUri: string
  readonly state: string
  readonly provider: ProviderId
  /** 32 bytes in base64url: what the user approves with this sign-in, and nothing else. */
  readonly nonce: string
}

/** Why a request is refused, said to the page that made it (OpenID Connect Core §3.1.2.6). */
export type AuthorizationError =
  | 'invalid_request'
  | 'invalid_scope'
  | 'unsupported_response_type'
  | 'request_not_supported'
  | 'login_required'

/** A request whose origin is known: it can be answered, with a refusal as well. */
export type ReadAuthorization =
  | { readonly isGood: true; readonly authorization: Authorization }
  | { readonly isGood: false; readonly error: AuthorizationError; readonly redirectUri: string; readonly state: string }

const wholeNonce = /^[\w-]{42}[AEIMQUYcgkosw048]$/
const wholeState = /^[\x21-\x7e]{1,512}$/

/**
 * Reads a request for a sign-in.
 *
 * @throws {RequestError} when it is of no registered app or page: nobody is sent anywhere then.
 */
export function readAuthorization(
  query: URLSearchParams,
  clients: readonly BridgeClient[],
  providers: readonly ProviderId[],
): ReadAuthorization {
  const client = clients.find(({ id }) => id === only(query, 'client_id'))
  const redirectUri = client?.redirectUris.find((uri) => uri === only(query, 'redirect_uri'))
  if (client === undefined || redirectUri === undefined) throw unknownPage()
  const state = only(query, 'state') ?? ''
  const error = refusalOf(query, providers)
  const provider = providers.find((id) => id === only(query, 'provider'))
  const nonce = only(query, 'nonce')
  if (error !== undefined || provider === undefined || nonce === undefined)
    return { isGood: false, error: error ?? 'invalid_request', redirectUri, state: wholeState.test(state) ? state : '' }
  return { isGood: true, authorization: { client: client.id, redirectUri, state, provider, nonce } }
}

function refusalOf(query: URLSearchParams, providers: readonly ProviderId[]): AuthorizationError | undefined {
  const names = [...query.keys()]
  if (new Set(names).size < names.length) return 'invalid_request'
  if (query.has('request') || query.has('request_uri')) return 'request_not_supported'
  if (query.get('response_type') !== 'id_token') return 'unsupported_response_type'
  if (query.get('scope') !== 'openid') return 'invalid_scope'
  if ((query.get('response_mode') ?? 'fragment') !== 'fragment') return 'invalid_request'
  if (!wholeState.test(query.get('state') ?? '') || !wholeNonce.test(query.get('nonce') ?? '')) return 'invalid_request'
  if (!providers.some((id) => id === query.get('provider'))) return 'invalid_request'
  // Nobody is signed in here: every token costs a visit at the provider, with the user there.
  return query.get('prompt')?.split(' ').includes('none') ? 'login_required' : undefined
}

/** A parameter that is there once. */
function only(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  return values.length === 1 ? values[0] : undefined
}

function unknownPage(): RequestError {
  return new RequestError(
    400,
    'UNKNOWN_PAGE',
    'The page that asked for this sign-in is not known here.',
    'Register its client id and its address, letter by letter.',
  )
}

/** The address that brings an answer to the page that asked, in the fragment, which no server sees. */
export function answerAddress(redirectUri: string, answer: Readonly<Record<string, string>>): string {
  return `${redirectUri}#${new URLSearchParams(answer)}`
}
