import { SignInMismatchError } from '../errors/oidc.ts'
import { SignInCancelledError, SignInRefusedError, UnexpectedSignInError } from '../errors/signIn.ts'
import { deviceClock } from './clock.ts'
import { fetchJson, type IssuerFetchOptions } from './fetchJson.ts'
import { type IdToken, parseIdToken } from './idToken.ts'
import type { SignInProvider } from './provider.ts'
import type { SignInRequest } from './signInRequest.ts'
import { checkPrivacy, checkTimes, clockSkew, partiesOf } from './tokenRules.ts'

/** What reading an answer takes. */
export type ReadSignInOptions = IssuerFetchOptions & {
  /** Unix time in seconds. Default: this device's clock. */
  readonly now?: number | undefined
  /** Permits claims such as the e-mail address, which become public. Default: refused. */
  readonly allowsPersonalClaims?: boolean | undefined
}

const maxAge = 600
/** States that were answered in this page: one request has one answer. */
const answered = new Set<string>()
const cancellations: readonly string[] = ['access_denied', 'user_cancelled_authorize', 'user_cancelled_login']

/**
 * Reads the answer of a provider, and exchanges a code for the ID token. Take the address from {@link forgetSignInResponse}, so that the
 * token stays in no history. A request is used up by this, whatever comes of it.
 *
 * @param url - Address of the page that the provider sent the user back to.
 * @param request - What was asked; `undefined` when this page has asked nothing.
 * @returns The ID token.
 * @throws {UnexpectedSignInError} for an answer to another request or to none, of another provider, late, or a second one.
 * @throws {SignInCancelledError} {@link SignInRefusedError} when the provider answered with an error.
 * @throws {SignInMismatchError} when the token is for something else, of another issuer or app, or a clock is wrong.
 * @throws {PersonalClaimsError} {@link InvalidIdTokenError} {@link IssuerUnreachableError}
 * @example
 * const token = await readSignInResponse(forgetSignInResponse(), request)
 */
export async function readSignInResponse(
  url: string,
  request: SignInRequest | undefined,
  options: ReadSignInOptions = {},
): Promise<string> {
  const { now = deviceClock() } = options
  if (!request) throw new UnexpectedSignInError('noRequest')
  const { provider, state } = request
  const answer = readAnswer(url, provider)
  if (answer.state !== state) throw new UnexpectedSignInError('state')
  if (answered.has(state)) throw new UnexpectedSignInError('used')
  answered.add(state)
  if (answer.iss !== undefined && answer.iss !== provider.issuer) throw new UnexpectedSignInError('issuer')
  if (Math.abs(now - request.createdAt) > maxAge) throw new UnexpectedSignInError('age')
  if (answer.error !== undefined) throw refusalOf(answer.error)
  const text = provider.responseType === 'code' ? await exchange(answer.code, request, options) : answer.id_token
  if (text === undefined) throw new UnexpectedSignInError('form')
  checkSignInToken(parseIdToken(text), { ...options, provider, nonce: request.nonce, now })
  const { issuedAt } = parseIdToken(text)
  if (issuedAt < request.createdAt - clockSkew) throw new SignInMismatchError('late')
  return text
}

/** Checks that a token is what was asked for, as far as it says so itself. */
export function checkSignInToken(
  token: IdToken,
  {
    provider: { issuer, audiences, isBridged, parameters },
    nonce,
    now,
    allowsPersonalClaims = false,
  }: {
    readonly provider: SignInProvider
    readonly nonce: string
    readonly now: number
    readonly allowsPersonalClaims?: boolean | undefined
  },
): void {
  if (token.nonce !== nonce) throw new SignInMismatchError('nonce')
  // A bridge says in the subject where somebody signed in: x|2244994945.
  const isFromProvider = !isBridged || token.subject.startsWith(`${parameters.provider}|`)
  if (token.issuer !== issuer || !isFromProvider) throw new SignInMismatchError('issuer')
  const isForApp = token.audience === audiences[0] && partiesOf(token).every((party) => audiences.includes(party))
  if (!isForApp) throw new SignInMismatchError('audience')
  checkTimes(token, now)
  if (!allowsPersonalClaims) checkPrivacy(token)
}

/** Returns the state that an address carries back from a provider. */
export function stateOf(url: string): string | undefined {
  const address = URL.parse(url)
  const states = address ? partsOf(address).flatMap((part) => part.getAll('state')) : []
  return states.length === 1 ? states[0] : undefined
}

const names = ['state', 'iss', 'error', 'code', 'id_token'] as const
type Answer = { readonly [name in (typeof names)[number]]?: string | undefined }

/** Fragment and query. */
function partsOf({ hash, search }: URL): [fragment: URLSearchParams, query: URLSearchParams] {
  return [new URLSearchParams(hash.slice(1)), new URLSearchParams(search)]
}

/**
 * Reads an answer from where it belongs: tokens from the fragment, which no server sees. Errors come in the query from
 * providers that take no note of the difference.
 */
function readAnswer(url: string, { responseType, parameters }: SignInProvider): Answer {
  const address = URL.parse(url)
  if (!address) throw new UnexpectedSignInError('form')
  const [fragment, query] = partsOf(address)
  const isInQuery = responseType === 'code' && parameters.response_mode !== 'fragment'
  const [own, other] = isInQuery ? [query, fragment] : [fragment, query]
  const part = own.has('state') ? own : other
  // RFC 6749 §3.1: none may be there twice; in whichever part, as another program may read the other.
  if (names.some((name) => own.getAll(name).length + other.getAll(name).length > 1))
    throw new UnexpectedSignInError('form')
  if (part === other && !part.has('error') && part.has('state')) throw new UnexpectedSignInError('form')
  return Object.fromEntries(names.map((name) => [name, part.get(name) ?? undefined]))
}

function refusalOf(error: string): SignInRefusedError | SignInCancelledError {
  const code = /^[\w.-]{1,64}$/.test(error) ? error : 'unknown'
  return cancellations.includes(code) ? new SignInCancelledError(code) : new SignInRefusedError(code)
}

/** Exchanges a code for the ID token (RFC 6749 §4.1.3, RFC 7636 §4.5); what else comes with it is dropped unread. */
async function exchange(
  code: string | undefined,
  { provider, redirectUri, codeVerifier }: SignInRequest,
  options: IssuerFetchOptions,
): Promise<string | undefined> {
  const { tokenEndpoint, audiences } = provider
  if (code === undefined || codeVerifier === undefined || tokenEndpoint === undefined)
    throw new UnexpectedSignInError('form')
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: audiences[0] ?? '',
    code_verifier: codeVerifier,
  })
  const { isOk, body } = await fetchJson(tokenEndpoint, { ...options, form })
  if (!isOk) throw new SignInRefusedError(refusalOf(String(body.error)).providerCode)
  return typeof body.id_token === 'string' ? body.id_token : undefined
}
