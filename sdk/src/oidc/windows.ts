import { SignInProviderError } from '../errors/signIn.ts'

/** The window that a provider is shown in. */
export type SignInPopup = {
  readonly closed: boolean
  opener: unknown
  readonly location: { replace(url: string): void }
  close(): void
}

/** The page's own window, as far as signing in touches it. */
export type SignInWindow = {
  readonly location: { readonly href: string; readonly origin: string; assign(url: string): void }
  readonly history: { readonly state: unknown; replaceState(state: unknown, title: string, url: string): void }
  readonly document: { hasFocus(): boolean }
  readonly BroadcastChannel: new (name: string) => SignInChannel
  readonly sessionStorage: SignInStorage
  open(url: string, target: string, features: string): SignInPopup | null
  close(): void
}

/** A channel between pages of one origin. */
export type SignInChannel = {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: ChannelMessage) => void): void
  close(): void
}

/** A message of a channel. */
export type ChannelMessage = { readonly origin: string; readonly data: unknown }

/** Where a request waits while the page is away: `sessionStorage`, which belongs to one tab. */
export type SignInStorage = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

/**
 * Takes the answer of a provider out of the page's address and its history, whole query and fragment.
 *
 * @returns The address as it was; nothing else has it any more.
 * @example
 * const token = await readSignInResponse(forgetSignInResponse(), request)
 */
export function forgetSignInResponse(window: Pick<SignInWindow, 'location' | 'history'> = globalThis.window): string {
  const { href } = window.location
  const { pathname } = new URL(href)
  window.history.replaceState(window.history.state, '', pathname)
  return href
}

/** @throws {SignInProviderError} when the answer would go to another origin than the page that asks. */
export function checkRedirect(redirectUri: string, { location }: Pick<SignInWindow, 'location'>): void {
  if (URL.parse(redirectUri)?.origin !== location.origin)
    throw new SignInProviderError('endpoint', 'the redirect address is not of the origin of this page')
}
