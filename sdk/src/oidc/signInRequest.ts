import { hexToBytes, sha256, stringToBytes } from 'viem'
import { SignInProviderError } from '../errors/signIn.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import { deviceClock } from './clock.ts'
import type { SignInProvider } from './provider.ts'
import { readWebAddress } from './webAddress.ts'

/** A sign-in under way. Plain data: it can be kept as JSON, in this tab and nowhere else. */
export type SignInRequest = {
  readonly provider: SignInProvider
  /** Where the user signs in. */
  readonly url: string
  /** What the ID token must carry. */
  readonly nonce: string
  /** Random; by it an answer is known to be one to this request. */
  readonly state: string
  readonly redirectUri: string
  /** Shows the token endpoint that the code was asked for here (PKCE); with response type `code` only. Secret until then. */
  readonly codeVerifier?: string | undefined
  /** Unix time in seconds. */
  readonly createdAt: number
}

/** What {@link createSignInRequest} takes. */
export type SignInRequestParameters = {
  /** What the ID token is to carry: `oidcNonce(digest)` so as to approve, `createSignInNonce()` so as to prove who it is. */
  readonly nonce: string
  /** Page of yours that gets the answer, as it is registered at the provider. */
  readonly redirectUri: string
  /** Unix time in seconds. Default: this device's clock. */
  readonly now?: number | undefined
}

/** Parameters that only the request itself sets, or that ask for more than a sign-in by the user who is there. */
const reserved: readonly string[] = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'access_type',
  'claims',
  'request',
  'request_uri',
  'id_token_hint',
]

/**
 * Begins a sign-in: what to open, and what to know the answer by. It asks for scope `openid` alone, never for a sign-in
 * without the user, and never for a token that could get further ones.
 *
 * @throws {SignInProviderError} when the provider has parameters against this, or the redirect address is not safe.
 * @example
 * const request = createSignInRequest(google({ clientId }), { nonce: oidcNonce(digest), redirectUri })
 * open(request.url)
 */
export function createSignInRequest(
  provider: SignInProvider,
  { nonce, redirectUri, now = deviceClock() }: SignInRequestParameters,
): SignInRequest {
  const { responseType } = provider
  const url = readWebAddress(provider.authorizationEndpoint)
  if (!url) throw new SignInProviderError('endpoint', 'it is neither https nor on this machine')
  if (!readWebAddress(redirectUri)) throw new SignInProviderError('endpoint', 'the redirect address is not safe')
  if (nonce.length < 22) throw new SignInProviderError('parameter', 'a nonce has 22 characters or more')
  const state = randomText()
  const codeVerifier = responseType === 'id_token' ? undefined : randomText()
  checkParameters(url.searchParams)
  checkParameters(new URLSearchParams(provider.parameters))
  for (const [name, value] of Object.entries(provider.parameters)) url.searchParams.set(name, value)
  const set = {
    client_id: provider.audiences[0],
    redirect_uri: redirectUri,
    response_type: responseType,
    scope: 'openid',
    state,
    nonce,
    ...(codeVerifier && { code_challenge: challengeOf(codeVerifier), code_challenge_method: 'S256' }),
  }
  for (const [name, value = ''] of Object.entries(set)) url.searchParams.set(name, value)
  // A plus sign is a space in forms only; Apple reads it as one literally.
  url.search = url.search.replaceAll('+', '%20')
  const request = { provider, url: url.href, nonce, state, redirectUri, createdAt: now }
  // Where the code is not used, nobody shall be able to: its verifier is kept nowhere.
  return responseType === 'code' ? { ...request, codeVerifier } : request
}

/** Returns a random nonce: for a sign-in that is to say who it is, and approve nothing. */
export function createSignInNonce(): string {
  return randomText()
}

/** PKCE (RFC 7636 §4.2). */
export function challengeOf(codeVerifier: string): string {
  return toBase64Url(hexToBytes(sha256(stringToBytes(codeVerifier))))
}

function randomText(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
}

function checkParameters(parameters: URLSearchParams): void {
  for (const [name, value] of parameters) {
    if (reserved.includes(name)) throw new SignInProviderError('parameter', name)
    if (name === 'prompt' && value.split(/\s+/).includes('none'))
      throw new SignInProviderError('parameter', 'prompt=none')
    if (name === 'response_mode' && value !== 'fragment' && value !== 'query')
      throw new SignInProviderError('parameter', 'response_mode')
  }
}
