import { UnexpectedSignInError } from '../errors/signIn.ts'
import type { SignInProvider } from './provider.ts'
import { createSignInRequest, type SignInRequest, type SignInRequestParameters } from './signInRequest.ts'
import { parseSignInRequest } from './signInRequestJson.ts'
import { type ReadSignInOptions, readSignInResponse, stateOf } from './signInResponse.ts'
import { checkRedirect, forgetSignInResponse, type SignInStorage, type SignInWindow } from './windows.ts'

/** What signing in by redirect takes from the page. */
export type RedirectOptions = {
  /** Where the request waits. Default: `sessionStorage`, which belongs to this tab. */
  readonly storage?: SignInStorage | undefined
  /** Stands in for the page's window. */
  readonly window?: SignInWindow | undefined
}

/** A sign-in that has come back. */
export type CompletedSignIn = {
  /** The ID token. */
  readonly token: string
  /** What was asked: at whom, with which nonce. */
  readonly request: SignInRequest
}

const prefix = 'rekey-sign-in:'

/**
 * Signs in at a provider in this very window: for browsers that block others. The page goes away; keep what you need to go
 * on. The one at `redirectUri` calls {@link completeSignIn}.
 *
 * @throws {SignInProviderError}
 * @example
 * signInWithRedirect(provider, { nonce: oidcNonce(request.digest), redirectUri })
 */
export function signInWithRedirect(
  provider: SignInProvider,
  parameters: SignInRequestParameters & RedirectOptions,
): void {
  const { window = globalThis.window, storage = window.sessionStorage } = parameters
  checkRedirect(parameters.redirectUri, window)
  const request = createSignInRequest(provider, parameters)
  for (const key of keysOf(storage)) storage.removeItem(key)
  storage.setItem(prefix + request.state, JSON.stringify(request))
  window.location.assign(request.url)
}

/** Whether this page's address answers a sign-in that {@link signInWithRedirect} began in this tab. */
export function isSignInReturning({
  window = globalThis.window,
  storage = window.sessionStorage,
}: RedirectOptions = {}): boolean {
  const state = stateOf(window.location.href)
  return state !== undefined && storage.getItem(prefix + state) !== null
}

/**
 * Completes a sign-in by redirect. Call it first thing in the page at `redirectUri`: it takes the token out of the address,
 * and the request out of the storage, before it reads either.
 *
 * @throws {UnexpectedSignInError} when none was begun in this tab: then somebody else has led the user here.
 * @throws What `readSignInResponse` throws.
 * @example
 * const { token, request } = await completeSignIn()
 */
export async function completeSignIn(options: RedirectOptions & ReadSignInOptions = {}): Promise<CompletedSignIn> {
  const { window = globalThis.window, storage = window.sessionStorage } = options
  const url = forgetSignInResponse(window)
  const key = prefix + (stateOf(url) ?? '')
  const stored = storage.getItem(key)
  storage.removeItem(key)
  const request = stored === null ? undefined : parseSignInRequest(stored)
  const token = await readSignInResponse(url, request, options)
  if (!request) throw new UnexpectedSignInError('noRequest')
  return { token, request }
}

/** Requests that were left behind; there is one at a time. */
function keysOf(storage: SignInStorage): string[] {
  const keys = Array.from({ length: storage.length }, (_, place) => storage.key(place))
  return keys.filter((key) => key?.startsWith(prefix) === true).map(String)
}
