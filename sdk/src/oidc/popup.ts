import { SignInAbortedError, SignInBlockedError, SignInClosedError, UnexpectedSignInError } from '../errors/signIn.ts'
import { type Clock, deviceClock } from './clock.ts'
import type { SignInProvider } from './provider.ts'
import { createSignInRequest, type SignInRequest, type SignInRequestParameters } from './signInRequest.ts'
import { type ReadSignInOptions, readSignInResponse, stateOf } from './signInResponse.ts'
import {
  type ChannelMessage,
  checkRedirect,
  forgetSignInResponse,
  type SignInPopup,
  type SignInWindow,
} from './windows.ts'

/** What {@link signInWithPopup} takes. */
export type SignInWithPopupParameters = Omit<SignInRequestParameters & ReadSignInOptions, 'now'> & {
  /** Tells the Unix time in seconds. Default: this device's clock. */
  readonly clock?: Clock | undefined
  /**
   * Called when the browser blocks the window; show a button whose click calls `retry`. Default: {@link SignInBlockedError}.
   */
  readonly onBlocked?: ((retry: () => void) => void) | undefined
  /** Stands in for the page's window. */
  readonly window?: SignInWindow | undefined
  /** Milliseconds between two looks at whether the window is still open: no event says so. Default: 200. */
  readonly pollMs?: number | undefined
  /** Milliseconds that the window has to look closed, while this page has the focus, to count as closed. Default: 1,500. */
  readonly closedMs?: number | undefined
}

/** What {@link answerSignInPopup} takes. */
export type AnswerSignInParameters = {
  /** Stands in for the page's window. */
  readonly window?: SignInWindow | undefined
  /** Milliseconds to wait for the page that asked. Default: 5,000. */
  readonly waitMs?: number | undefined
}

const received = 'received'

/**
 * Signs in at a provider in a window of its own. Call it in the handler of a click and before any `await`, or browsers will
 * block it. The page at `redirectUri` is of the same origin as this one, and calls {@link answerSignInPopup}.
 *
 * It also works where the provider cuts the ties between the two windows (Cross-Origin-Opener-Policy): the answer takes a
 * channel of this origin. The window then looks closed from the start, so that it counts as closed only once this page
 * has the focus again.
 *
 * @returns The ID token.
 * @throws {SignInBlockedError} {@link SignInClosedError} {@link SignInAbortedError}
 * @throws What `createSignInRequest` and `readSignInResponse` throw.
 * @example
 * const token = await signInWithPopup(provider, { nonce: oidcNonce(request.digest), redirectUri })
 */
export async function signInWithPopup(
  provider: SignInProvider,
  parameters: SignInWithPopupParameters,
): Promise<string> {
  const { signal, window = globalThis.window, clock = deviceClock } = parameters
  if (signal?.aborted) throw new SignInAbortedError(signal.reason)
  checkRedirect(parameters.redirectUri, window)
  const request = createSignInRequest(provider, { ...parameters, now: clock() })
  const url = await waitForAnswer(request, window, parameters)
  return readSignInResponse(url, request, { ...parameters, now: clock() })
}

/**
 * Hands what a provider answered to the page of this origin that opened the window, and closes the window. Call it first
 * thing in the page at `redirectUri`; it takes the token out of the address before anything else.
 *
 * @throws {UnexpectedSignInError} when no page of this origin waits for this answer: then somebody else has led the user here.
 * @example
 * await answerSignInPopup().catch((error) => show(error.shortMessage))
 */
export async function answerSignInPopup({
  window = globalThis.window,
  waitMs = 5_000,
}: AnswerSignInParameters = {}): Promise<void> {
  const url = forgetSignInResponse(window)
  const state = stateOf(url)
  if (state === undefined) throw new UnexpectedSignInError('form')
  const channel = new window.BroadcastChannel(channelName(state))
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new UnexpectedSignInError('noRequest')), waitMs)
      channel.addEventListener('message', ({ origin, data }) => {
        if (origin !== window.location.origin || data !== received) return
        clearTimeout(timer)
        resolve()
      })
      channel.postMessage(url)
    })
  } finally {
    channel.close()
  }
  window.close()
}

function channelName(state: string): string {
  return `rekey-sign-in:${state}`
}

/** Waits for the page at the redirect address; every way out closes channel, window and timer. */
async function waitForAnswer(
  request: SignInRequest,
  window: SignInWindow,
  { signal, onBlocked, pollMs = 200, closedMs = 1_500 }: SignInWithPopupParameters,
): Promise<string> {
  const ended = new AbortController()
  const channel = new window.BroadcastChannel(channelName(request.state))
  try {
    return await new Promise<string>((resolve, reject) => {
      const onAbort = (): void => reject(new SignInAbortedError(signal?.reason))
      signal?.addEventListener('abort', onAbort, { signal: ended.signal })
      channel.addEventListener('message', (message) => {
        if (!isAnswer(message, request, window.location.origin)) return
        channel.postMessage(received)
        resolve(message.data)
      })
      let popup: SignInPopup | undefined
      const start = (): boolean => {
        popup = ended.signal.aborted ? undefined : openPopup(window, request.url)
        if (popup) watchPopup(popup, window, { pollMs, closedMs, reject, ended: ended.signal })
        return popup !== undefined
      }
      if (start()) return
      if (onBlocked) onBlocked(() => popup ?? (start() || reject(new SignInBlockedError())))
      else reject(new SignInBlockedError())
    })
  } finally {
    ended.abort()
    channel.close()
  }
}

/** Opens the provider's page. It gets no way back to this window: it could lead it elsewhere. */
function openPopup(window: SignInWindow, url: string): SignInPopup | undefined {
  const popup = window.open('about:blank', '_blank', 'popup,width=480,height=720')
  if (!popup || popup.closed) return undefined
  popup.opener = null
  popup.location.replace(url)
  return popup
}

/** Looks at whether the user has closed the window until everything has ended, which closes it. */
function watchPopup(
  popup: SignInPopup,
  window: SignInWindow,
  {
    pollMs,
    closedMs,
    reject,
    ended,
  }: {
    readonly pollMs: number
    readonly closedMs: number
    readonly reject: (error: SignInClosedError) => void
    readonly ended: AbortSignal
  },
): void {
  let looksClosedFor = 0
  const timer = setInterval(() => {
    looksClosedFor = popup.closed && window.document.hasFocus() ? looksClosedFor + pollMs : 0
    if (looksClosedFor >= closedMs) reject(new SignInClosedError())
  }, pollMs)
  ended.addEventListener('abort', () => {
    clearInterval(timer)
    popup.close()
  })
}

/** Whether a message is the address of this origin's own redirect page, from this origin, with an answer to this request. */
function isAnswer(
  message: ChannelMessage,
  { state, redirectUri }: SignInRequest,
  ownOrigin: string,
): message is ChannelMessage & { readonly data: string } {
  const { origin, data } = message
  if (origin !== ownOrigin || typeof data !== 'string') return false
  const [seen, wanted] = [URL.parse(data), URL.parse(redirectUri)]
  return seen?.origin === wanted?.origin && seen?.pathname === wanted?.pathname && stateOf(data) === state
}
