import { keccak256 } from 'viem'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createFakeBrowser,
  type FakeBrowser,
  type FakePage,
  type FakePopup,
  unsignedToken,
} from '../testing/fakeSignIn.ts'
import {
  answerSignInPopup,
  completeSignIn,
  createSignInNonce,
  forgetSignInResponse,
  isSignInReturning,
  oidc,
  oidcNonce,
  type SignInWithPopupParameters,
  signInWithPopup,
  signInWithRedirect,
} from './index.ts'

const now = 2_000_000_000
const origin = 'https://auth.example.com'
const redirectUri = `${origin}/sign-in`
const nonce = oidcNonce(keccak256('0x01'))
const issuer = 'https://login.example.com'
const provider = oidc({
  id: 'work',
  name: 'Work',
  issuer,
  clientId: 'rekey',
  authorizationEndpoint: `${issuer}/authorize`,
})
const token = unsignedToken({ iss: issuer, aud: 'rekey', sub: 'grace', nonce, iat: now, exp: now + 3_600 })
const unexpected = (problem: string) => expect.objectContaining({ code: 'OIDC_SIGN_IN_UNEXPECTED', problem })

let browser: FakeBrowser

beforeEach(() => {
  vi.useFakeTimers()
  browser = createFakeBrowser()
})
afterEach(() => {
  expect(browser.channels).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A sign-in that has begun, whose outcome is looked at later. */
function begin(page: FakePage, parameters: Partial<SignInWithPopupParameters> = {}) {
  const outcome = signInWithPopup(provider, {
    nonce,
    redirectUri,
    clock: () => now,
    window: page.window,
    ...parameters,
  })
  outcome.catch(() => {})
  return outcome
}

function popupOf({ popups }: FakePage): FakePopup {
  const [popup] = popups
  if (!popup) throw new Error('No window was opened.')
  return popup
}

/** Where a window was led to. */
function addressOf({ visited }: FakePopup): URL {
  return new URL(visited.at(-1) ?? '')
}

/** Where the provider sends the user back to. */
function answerTo(asked: URL, fields: Record<string, string> = {}): string {
  const state = asked.searchParams.get('state') ?? ''
  return `${redirectUri}#${new URLSearchParams({ state, id_token: token, ...fields })}`
}

describe('a sign-in in a window of its own', () => {
  test('[J85] [127] ends with the token, on a channel of this origin, and closes the window', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const popup = popupOf(page)
    const back = browser.open(answerTo(addressOf(popup)))
    await answerSignInPopup({ window: back.window })
    expect(await outcome).toBe(token)
    expect([popup.closed, back.isClosed]).toEqual([true, true])
  })

  test('is opened before anything is waited for, as browsers want it', () => {
    const page = browser.open(`${origin}/recover`)
    const controller = new AbortController()
    begin(page, { signal: controller.signal })
    expect(addressOf(popupOf(page)).origin).toBe(issuer)
    controller.abort()
  })

  test('[235] gives the provider no way to lead this page elsewhere', () => {
    const page = browser.open(`${origin}/recover`)
    const controller = new AbortController()
    begin(page, { signal: controller.signal })
    const popup = popupOf(page)
    expect(popup.opener).toBeNull()
    expect(popup.visited[0]).toBe('about:blank')
    controller.abort()
  })

  test('[J86] [127] leaves nothing in the address of the page that it comes back to, before all else', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const back = browser.open(`${answerTo(addressOf(popupOf(page)))}`.replace('#', '?x=1#'))
    const answering = answerSignInPopup({ window: back.window })
    expect(back.window.location.href).toBe(redirectUri)
    await answering
    expect(await outcome).toBe(token)
  })

  test('arrives although the provider cuts the ties between the windows, which looks as if closed', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const popup = popupOf(page)
    popup.closed = true
    page.hasFocus = false
    await vi.advanceTimersByTimeAsync(300_000)
    await answerSignInPopup({ window: browser.open(answerTo(addressOf(popup))).window })
    expect(await outcome).toBe(token)
  })

  test('takes as long as the user needs: the time is told anew when the answer is there', async () => {
    const page = browser.open(`${origin}/recover`)
    const times = [now - 400, now]
    const outcome = begin(page, { clock: () => times.shift() ?? 0 })
    await answerSignInPopup({ window: browser.open(answerTo(addressOf(popupOf(page)))).window })
    expect(await outcome).toBe(token)
    expect(times).toEqual([])
  })

  test('ends when the user has closed the window and is back here; not at a glance', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const popup = popupOf(page)
    await vi.advanceTimersByTimeAsync(60_000)
    popup.closed = true
    page.hasFocus = false
    await vi.advanceTimersByTimeAsync(60_000)
    page.hasFocus = true
    await vi.advanceTimersByTimeAsync(1_200)
    page.hasFocus = false
    await vi.advanceTimersByTimeAsync(1_200)
    page.hasFocus = true
    const spy = vi.fn()
    outcome.catch(spy)
    await vi.advanceTimersByTimeAsync(1_200)
    expect(spy).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(600)
    await expect(outcome).rejects.toMatchObject({ code: 'OIDC_POPUP_CLOSED' })
  })

  test('[J85] ignores what comes from another origin, even with the right name and content', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const asked = addressOf(popupOf(page))
    const name = `rekey-sign-in:${asked.searchParams.get('state')}`
    const spy = vi.fn()
    outcome.catch(spy).then(spy)
    for (const foreign of ['https://evil.example', '', 'null', `${origin}.evil.example`])
      browser.forge(name, { origin: foreign, data: answerTo(asked) })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(spy).not.toHaveBeenCalled()
    browser.forge(name, { origin, data: answerTo(asked) })
    expect(await outcome).toBe(token)
  })

  test('[J83] [J84] ignores what is no answer to it', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const asked = addressOf(popupOf(page))
    const name = `rekey-sign-in:${asked.searchParams.get('state')}`
    const spy = vi.fn()
    outcome.catch(spy).then(spy)
    const others: unknown[] = [
      undefined,
      null,
      7,
      {},
      '',
      'received',
      answerTo(asked, { state: 'x' }),
      answerTo(asked).replace(origin, 'https://evil.example'),
      answerTo(asked).replace('/sign-in', '/elsewhere'),
    ]
    for (const data of others) browser.forge(name, { origin, data })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(spy).not.toHaveBeenCalled()
    await answerSignInPopup({ window: browser.open(answerTo(asked)).window })
    expect(await outcome).toBe(token)
  })

  test('[236] two at once do not get each other’s answers', async () => {
    const pages = [0, 1].map(() => browser.open(`${origin}/recover`))
    const nonces = [nonce, createSignInNonce()]
    const outcomes = pages.map((page, place) => begin(page, { nonce: nonces[place] ?? '' }))
    const [first, second] = pages.map((page) => addressOf(popupOf(page)))
    if (!first || !second) throw new Error('No window was opened.')
    await answerSignInPopup({ window: browser.open(answerTo(second)).window })
    // The token is the first one's: the second refuses it, and the first still waits.
    await expect(outcomes[1]).rejects.toMatchObject({ mismatch: 'nonce' })
    await answerSignInPopup({ window: browser.open(answerTo(first)).window })
    expect(await outcomes[0]).toBe(token)
  })

  test('that the browser blocks is told, or opened by the next click', async () => {
    const blocked = browser.open(`${origin}/recover`, { blocks: 1 })
    await expect(begin(blocked)).rejects.toMatchObject({ code: 'OIDC_POPUP_BLOCKED' })

    const page = browser.open(`${origin}/recover`, { blocks: 1 })
    const clicks: (() => void)[] = []
    const outcome = begin(page, { onBlocked: (retry) => void clicks.push(retry) })
    expect([page.popups.length, clicks.length]).toEqual([0, 1])
    clicks[0]?.()
    clicks[0]?.()
    expect(page.popups).toHaveLength(1)
    await answerSignInPopup({ window: browser.open(answerTo(addressOf(popupOf(page)))).window })
    expect(await outcome).toBe(token)
    clicks[0]?.()
    expect(page.popups).toHaveLength(1)

    const twice = browser.open(`${origin}/recover`, { blocks: 2 })
    await expect(begin(twice, { onBlocked: (retry) => retry() })).rejects.toMatchObject({ code: 'OIDC_POPUP_BLOCKED' })
  })

  test('ends with its signal, and a window that was to open later does not', async () => {
    const controller = new AbortController()
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page, { signal: controller.signal })
    controller.abort('enough')
    await expect(outcome).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_ABORTED', cause: 'enough' })
    expect(popupOf(page).closed).toBe(true)

    const early = browser.open(`${origin}/recover`)
    await expect(begin(early, { signal: controller.signal })).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_ABORTED' })
    expect(early.popups).toHaveLength(0)

    const late = browser.open(`${origin}/recover`, { blocks: 1 })
    const clicks: (() => void)[] = []
    const second = new AbortController()
    const waiting = begin(late, { signal: second.signal, onBlocked: (retry) => void clicks.push(retry) })
    second.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_ABORTED' })
    clicks[0]?.()
    expect([late.popups.length, clicks.length]).toEqual([0, 1])
  })

  test('[J88] comes back to this origin or is not begun', async () => {
    const page = browser.open(`${origin}/recover`)
    await expect(begin(page, { redirectUri: 'https://evil.example/sign-in' })).rejects.toMatchObject({
      code: 'OIDC_PROVIDER_INVALID',
    })
    expect(page.popups).toHaveLength(0)
  })

  test('says what the provider refused', async () => {
    const page = browser.open(`${origin}/recover`)
    const outcome = begin(page)
    const state = addressOf(popupOf(page)).searchParams.get('state') ?? ''
    const back = `${redirectUri}?${new URLSearchParams({ state, error: 'access_denied' })}`
    await answerSignInPopup({ window: browser.open(back).window })
    await expect(outcome).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_CANCELLED' })
  })
})

describe('a page that a provider sends somebody to', () => {
  test('[J83] [127] refuses an answer that no page of this origin waits for, and keeps nothing of it', async () => {
    const asked = new URL(`${issuer}?state=stranger`)
    const back = browser.open(answerTo(asked))
    const answering = answerSignInPopup({ window: back.window })
    answering.catch(() => {})
    // Anybody may shout that he has it.
    browser.forge('rekey-sign-in:stranger', { origin: 'https://evil.example', data: 'received' })
    browser.forge('rekey-sign-in:stranger', { origin, data: 'something' })
    await vi.advanceTimersByTimeAsync(5_000)
    await expect(answering).rejects.toThrow(unexpected('noRequest'))
    expect([back.window.location.href, back.isClosed]).toEqual([redirectUri, false])
  })

  test('[J84] refuses an answer without state, or with two', async () => {
    for (const url of [redirectUri, `${redirectUri}#id_token=x`, `${redirectUri}?state=a#state=b`])
      await expect(answerSignInPopup({ window: browser.open(url).window })).rejects.toThrow(unexpected('form'))
  })

  test('[J86] can take query and fragment out of address and history by itself', () => {
    const page = browser.open(`${redirectUri}?code=a#id_token=b`)
    expect(forgetSignInResponse(page.window)).toBe(`${redirectUri}?code=a#id_token=b`)
    expect(page.window.location.href).toBe(redirectUri)
  })
})

describe('a sign-in by redirect', () => {
  /** Leaves for the provider, and comes back in the same tab. */
  function leave(fields: Record<string, string> = {}) {
    const page = browser.open(`${origin}/recover`)
    signInWithRedirect(provider, { nonce, redirectUri, now, window: page.window })
    const url = answerTo(new URL(page.left[0] ?? ''), fields)
    return { url, tab: page.window.sessionStorage, back: browser.open(url, { tab: page.window.sessionStorage }) }
  }

  test('ends with the token and what was asked, once', async () => {
    const { back, tab, url } = leave()
    expect(isSignInReturning({ window: back.window })).toBe(true)
    const { token: got, request } = await completeSignIn({ window: back.window, now })
    expect(got).toBe(token)
    expect(request).toMatchObject({ provider, nonce, redirectUri })
    expect(tab.length).toBe(0)
    const again = browser.open(url, { tab })
    expect(isSignInReturning({ window: again.window })).toBe(false)
    await expect(completeSignIn({ window: again.window, now })).rejects.toThrow(unexpected('noRequest'))
  })

  test('[J84] [J86] has its request taken away and its address cleaned before the answer is read', async () => {
    const { back, tab } = leave({ id_token: 'x' })
    const completing = completeSignIn({ window: back.window, now })
    expect([tab.length, back.window.location.href]).toEqual([0, redirectUri])
    await expect(completing).rejects.toMatchObject({ code: 'OIDC_TOKEN_INVALID' })
  })

  test('[J83] [127] that was begun in no tab, or in another one, is refused', async () => {
    const { url } = leave()
    const elsewhere = browser.open(url)
    expect(isSignInReturning({ window: elsewhere.window })).toBe(false)
    await expect(completeSignIn({ window: elsewhere.window, now })).rejects.toThrow(unexpected('noRequest'))
    const bare = browser.open(redirectUri)
    expect(isSignInReturning({ window: bare.window })).toBe(false)
    await expect(completeSignIn({ window: bare.window, now })).rejects.toThrow(unexpected('noRequest'))
  })

  test('[J84] is the only one in its tab; one that was left behind is forgotten', async () => {
    const first = leave()
    const page = browser.open(`${origin}/recover`, { tab: first.tab })
    first.tab.setItem('of the app', 'stays')
    signInWithRedirect(provider, { nonce, redirectUri, now, window: page.window })
    expect(first.tab.length).toBe(2)
    await expect(completeSignIn({ window: first.back.window, now })).rejects.toThrow(unexpected('noRequest'))
    expect(first.tab.getItem('of the app')).toBe('stays')
  })

  test('[J88] comes back to this origin or is not begun', () => {
    const page = browser.open(`${origin}/recover`)
    const away = { nonce, redirectUri: 'https://evil.example/sign-in', window: page.window }
    expect(() => signInWithRedirect(provider, away)).toThrow(expect.objectContaining({ code: 'OIDC_PROVIDER_INVALID' }))
    expect([page.left, page.window.sessionStorage.length]).toEqual([[], 0])
  })

  test('is refused when what was kept is damaged', async () => {
    const { back, tab } = leave()
    tab.setItem(tab.key(0) ?? '', '{"state":"x"}')
    await expect(completeSignIn({ window: back.window, now })).rejects.toThrow(unexpected('noRequest'))
  })
})
