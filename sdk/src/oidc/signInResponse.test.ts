import fc from 'fast-check'
import { keccak256, toHex } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { unsignedToken } from '../testing/fakeSignIn.ts'
import {
  apple,
  createSignInRequest,
  google,
  type OidcProviderParameters,
  oidc,
  oidcNonce,
  type ReadSignInOptions,
  readSignInResponse,
  type SignInProvider,
  type SignInRequest,
  x,
} from './index.ts'
import { parseSignInRequest } from './signInRequestJson.ts'

const now = 2_000_000_000
const redirectUri = 'https://auth.example.com/sign-in'
const nonce = oidcNonce(keccak256('0x01'))
const clientId = 'rekey'
const issuer = 'https://login.example.com'
const work: OidcProviderParameters = {
  id: 'work',
  name: 'Work',
  issuer,
  clientId,
  authorizationEndpoint: `${issuer}/authorize`,
}
const atOnce = oidc(work)
const withCode = oidc({ ...work, responseType: 'code', tokenEndpoint: `${issuer}/token` })
const ask = (provider: SignInProvider = atOnce) => createSignInRequest(provider, { nonce, redirectUri, now })
const claims = { iss: issuer, aud: clientId, sub: 'grace', nonce, iat: now, exp: now + 3_600 }
const code = 'a code'

type Fields = Readonly<Record<string, string | undefined>>

function write(fields: Fields): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) parameters.set(name, value)
  return parameters.toString()
}

/** Where the provider sends the user back to. */
function answerTo({ state }: Pick<SignInRequest, 'state'>, fields: Fields = {}, token: object = claims): string {
  return `${redirectUri}#${write({ state, id_token: unsignedToken(token), ...fields })}`
}

const read = (url: string, request: SignInRequest | undefined, options: ReadSignInOptions = {}) =>
  readSignInResponse(url, request, { now, ...options })
const unexpected = (problem: string) => expect.objectContaining({ code: 'OIDC_SIGN_IN_UNEXPECTED', problem })
const mismatch = (which: string) => expect.objectContaining({ code: 'OIDC_SIGN_IN_MISMATCH', mismatch: which })

describe('an answer with an ID token', () => {
  test('is read, with what else the provider says', async () => {
    const request = ask()
    expect(await read(answerTo(request, { iss: issuer, session_state: 'x' }), request)).toBe(unsignedToken(claims))
    const ofApple = apple({ clientId })
    const asked = ask(ofApple)
    const token = { ...claims, iss: ofApple.issuer }
    expect(await read(answerTo(asked, { code: 'unused' }, token), asked)).toBe(unsignedToken(token))
  })

  test('[J83] [127] that nobody asked for is refused', async () => {
    await expect(read(answerTo(ask()), undefined)).rejects.toThrow(unexpected('noRequest'))
  })

  test('[J84] [126] to another request, or to none, is refused', async () => {
    const request = ask()
    for (const state of [ask().state, '', undefined, `${request.state}x`])
      await expect(read(answerTo(request, { state }), request)).rejects.toThrow(unexpected('state'))
    // What was not an answer to it has not used the request up.
    expect(await read(answerTo(request), request)).toBe(unsignedToken(claims))
  })

  test('[J84] [126] is the only one to a request, whatever came of the first', async () => {
    const request = ask()
    await read(answerTo(request), request)
    await expect(read(answerTo(request), request)).rejects.toThrow(unexpected('used'))
    const copy = parseSignInRequest(JSON.stringify(request))
    await expect(read(answerTo(request), copy)).rejects.toThrow(unexpected('used'))
    const refused = ask()
    await expect(read(answerTo(refused, { id_token: 'x' }), refused)).rejects.toThrow()
    await expect(read(answerTo(refused), refused)).rejects.toThrow(unexpected('used'))
  })

  test('[J84] [126] of another provider is refused, be it said beside the token or in it', async () => {
    const beside = ask()
    await expect(read(answerTo(beside, { iss: 'https://evil.example' }), beside)).rejects.toThrow(unexpected('issuer'))
    const within = ask()
    const token = { ...claims, iss: 'https://evil.example' }
    await expect(read(answerTo(within, {}, token), within)).rejects.toThrow(mismatch('issuer'))
  })

  test.each<[name: string, token: object, which: string]>([
    ['[J43] [J84] for another nonce', { ...claims, nonce: oidcNonce(keccak256('0x02')) }, 'nonce'],
    ['[J39] of an issuer one slash away', { ...claims, iss: `${issuer}/` }, 'issuer'],
    ['[J40] [111] for another app', { ...claims, aud: 'other' }, 'audience'],
    ['[J41] that another app asked for', { ...claims, azp: 'other' }, 'audience'],
    ['[J52] that has expired', { ...claims, iat: now - 250, exp: now - 1 }, 'expired'],
    ['[J55] for longer than a day', { ...claims, exp: now + 86_401 }, 'lifetime'],
    ['[J97] from ten minutes ahead', { ...claims, iat: now + 600, exp: now + 4_200 }, 'early'],
    ['[J97] from ten minutes behind', { ...claims, iat: now - 600 }, 'late'],
    ['[J97] from just too far ahead', { ...claims, iat: now + 301 }, 'early'],
    ['[J97] from just too far behind', { ...claims, iat: now - 301 }, 'late'],
  ])('%s is refused', async (_, token, which) => {
    const request = ask()
    await expect(read(answerTo(request, {}, token), request)).rejects.toThrow(mismatch(which))
  })

  test('[J97] may be five minutes off; beyond, the clock is what to set right', async () => {
    for (const iat of [now - 300, now + 300]) {
      const request = ask()
      const token = { ...claims, iat }
      expect(await read(answerTo(request, {}, token), request)).toBe(unsignedToken(token))
    }
    for (const iat of [now - 600, now + 600]) {
      const request = ask()
      const reading = read(answerTo(request, {}, { ...claims, iat }), request)
      await expect(reading).rejects.toThrow('Set the clock of this device right')
    }
  })

  test('[J92] by a bridge is of the provider that was asked, as its subject says', async () => {
    const provider = x({ bridge: issuer, clientId })
    const readFor = async (sub: string) => {
      const request = ask(provider)
      return read(answerTo(request, {}, { ...claims, sub }), request)
    }
    expect(await readFor('x|2244994945')).toBe(unsignedToken({ ...claims, sub: 'x|2244994945' }))
    for (const sub of ['github|583231', '2244994945', 'xx|1', 'X|1'])
      await expect(readFor(sub)).rejects.toThrow(mismatch('issuer'))
  })

  test('[J95] without the nonce is refused', async () => {
    const request = ask()
    const { nonce: _, ...token } = claims
    await expect(read(answerTo(request, {}, token), request)).rejects.toMatchObject({ code: 'OIDC_TOKEN_INVALID' })
  })

  test('[J96] with personal data is refused, unless told that it may become public', async () => {
    const token = { ...claims, email: 'grace@example.org', name: 'Grace' }
    const request = ask()
    await expect(read(answerTo(request, {}, token), request)).rejects.toMatchObject({
      code: 'OIDC_PERSONAL_CLAIMS',
      claims: ['email', 'name'],
    })
    const again = ask()
    expect(await read(answerTo(again, {}, token), again, { allowsPersonalClaims: true })).toBe(unsignedToken(token))
  })

  test('counts for ten minutes', async () => {
    const inTime = ask()
    const token = { ...claims, iat: now + 600 }
    expect(await read(answerTo(inTime, {}, token), inTime, { now: now + 600 })).toBe(unsignedToken(token))
    for (const late of [now + 601, now - 601]) {
      const request = ask()
      await expect(read(answerTo(request), request, { now: late })).rejects.toThrow(unexpected('age'))
    }
  })

  test('[127] is read from the fragment alone, which no server sees', async () => {
    const request = ask()
    const inQuery = answerTo(request).replace('#', '?')
    await expect(read(inQuery, request)).rejects.toThrow(unexpected('form'))
    expect(await read(answerTo(request), request)).toBe(unsignedToken(claims))
  })

  test.each<[name: string, more: string]>([
    ['state', '&state=x'],
    ['token', '&id_token=x'],
    ['issuer', '&iss=x&iss=x'],
  ])('says its %s once', async (_, more) => {
    const request = ask()
    await expect(read(answerTo(request) + more, request)).rejects.toThrow(unexpected('form'))
    await expect(read(answerTo(request).replace('#', `?${more}${more}#`), request)).rejects.toThrow(unexpected('form'))
  })

  test('has a token, in an address', async () => {
    const request = ask()
    await expect(read('no address', request)).rejects.toThrow(unexpected('form'))
    await expect(read(answerTo(request, { id_token: undefined, code }), request)).rejects.toThrow(unexpected('form'))
  })
})

describe('an answer that is an error', () => {
  test.each([
    ['access_denied', 'OIDC_SIGN_IN_CANCELLED', 'access_denied'],
    ['user_cancelled_authorize', 'OIDC_SIGN_IN_CANCELLED', 'user_cancelled_authorize'],
    ['server_error', 'OIDC_SIGN_IN_REFUSED', 'server_error'],
    ['<img src=x onerror=alert(1)>', 'OIDC_SIGN_IN_REFUSED', 'unknown'],
  ])('%s is told as such', async (error, expected, providerCode) => {
    for (const separator of ['#', '?']) {
      const request = ask()
      const url = `${redirectUri}${separator}${write({ error, state: request.state, error_description: 'secret words' })}`
      const thrown = await read(url, request).catch((problem: unknown) => problem)
      expect(thrown).toMatchObject({ code: expected, providerCode })
      expect(String(thrown)).not.toContain('secret')
    }
  })

  test('[J84] to another request is refused like any other', async () => {
    const request = ask()
    const url = `${redirectUri}#${write({ error: 'access_denied', state: ask().state })}`
    await expect(read(url, request)).rejects.toThrow(unexpected('state'))
  })
})

describe('an answer with a code', () => {
  const tokens = (body: object, init: ResponseInit = {}) =>
    vi.fn<typeof globalThis.fetch>(async () => new Response(JSON.stringify(body), init))
  const back = ({ state }: SignInRequest, fields: Fields = {}) => `${redirectUri}?${write({ state, code, ...fields })}`
  const good = { id_token: unsignedToken(claims), access_token: 'unused' }

  test('[J87] is exchanged with the verifier, at the endpoint of the provider', async () => {
    const request = ask(withCode)
    const fetch = tokens(good)
    expect(await read(back(request), request, { fetch })).toBe(good.id_token)
    const [[url, init] = []] = fetch.mock.calls
    expect(url).toBe(`${issuer}/token`)
    expect(init).toMatchObject({ method: 'POST', redirect: 'error', credentials: 'omit' })
    expect(Object.fromEntries(init?.body as URLSearchParams)).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: request.codeVerifier,
    })
  })

  test('[J87] is not exchanged without a verifier, nor twice', async () => {
    const fetch = tokens(good)
    const { codeVerifier: _, ...bare } = ask(withCode)
    await expect(read(back(bare), bare, { fetch })).rejects.toThrow(unexpected('form'))
    expect(fetch).not.toHaveBeenCalled()
    const request = ask(withCode)
    await read(back(request), request, { fetch })
    await expect(read(back(request), request, { fetch })).rejects.toThrow(unexpected('used'))
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('[J84] is not exchanged when it is to another request, or of another provider', async () => {
    const fetch = tokens(good)
    const request = ask(withCode)
    await expect(read(back(ask(withCode)), request, { fetch })).rejects.toThrow(unexpected('state'))
    await expect(read(back(request, { iss: 'https://evil.example' }), request, { fetch })).rejects.toThrow(
      unexpected('issuer'),
    )
    expect(fetch).not.toHaveBeenCalled()
  })

  test('[J89] brings the ID token alone: what could get further ones is dropped', async () => {
    const request = ask(withCode)
    const fetch = tokens({ ...good, refresh_token: 'for ever' })
    expect(await read(back(request), request, { fetch })).toBe(good.id_token)
  })

  test('[J84] counts only with a token for this request', async () => {
    const request = ask(withCode)
    const fetch = tokens({ id_token: unsignedToken({ ...claims, nonce: oidcNonce(keccak256('0x02')) }) })
    await expect(read(back(request), request, { fetch })).rejects.toThrow(mismatch('nonce'))
  })

  test('is refused when the endpoint refuses it, or answers with no token', async () => {
    const refused = ask(withCode)
    const fetch = tokens({ error: 'invalid_grant' }, { status: 400 })
    await expect(read(back(refused), refused, { fetch })).rejects.toMatchObject({
      code: 'OIDC_SIGN_IN_REFUSED',
      providerCode: 'invalid_grant',
    })
    const empty = ask(withCode)
    await expect(read(back(empty), empty, { fetch: tokens({ id_token: 7 }) })).rejects.toThrow(unexpected('form'))
  })

  test('comes in the fragment only if that was asked for', async () => {
    const fetch = tokens(good)
    const request = ask(withCode)
    await expect(read(back(request).replace('?', '#'), request, { fetch })).rejects.toThrow(unexpected('form'))
    const asked = ask({ ...withCode, parameters: { response_mode: 'fragment' } })
    expect(await read(back(asked).replace('?', '#'), asked, { fetch })).toBe(good.id_token)
  })
})

describe('requests and answers of any kind', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ09-._~+/&=#?% é€'), minLength: 1, maxLength: 40 })

  test('come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), text, text, text, async (digest, id, sub, kid) => {
        const provider = google({ clientId: id })
        const asked = oidcNonce(toHex(digest, { size: 32 }))
        const made = createSignInRequest(provider, { nonce: asked, redirectUri, now })
        const request = parseSignInRequest(JSON.stringify(made))
        expect(request).toEqual(made)
        const sent = new URL(made.url).searchParams
        expect([sent.get('client_id'), sent.get('nonce'), sent.get('state')]).toEqual([id, asked, made.state])
        const body = { ...claims, iss: provider.issuer, aud: id, sub, nonce: asked }
        const token = unsignedToken(body, { alg: 'RS256', kid })
        expect(await read(`${redirectUri}#${write({ state: made.state, id_token: token })}`, request)).toBe(token)
      }),
    )
  })

  test('[J84] that are not written by us are no requests', () => {
    const whole = JSON.stringify(ask(withCode))
    expect(parseSignInRequest(whole)).toEqual(JSON.parse(whole))
    const paths = fc.constantFrom(
      ['url'],
      ['nonce'],
      ['state'],
      ['redirectUri'],
      ['createdAt'],
      ['provider'],
      ['provider', 'issuer'],
      ['provider', 'audiences'],
      ['provider', 'responseType'],
      ['provider', 'parameters'],
      ['provider', 'isBridged'],
    )
    const dirt = fc.constantFrom<unknown>(undefined, null, 1.5, '', [], [7], [''])
    fc.assert(
      fc.property(paths, dirt, ([first = '', second], value) => {
        const request = JSON.parse(whole)
        if (second === undefined) request[first] = value
        else request[first][second] = value
        expect(parseSignInRequest(JSON.stringify(request))).toBeUndefined()
      }),
    )
    for (const other of ['', 'null', '[]', '7', '{', '{}']) expect(parseSignInRequest(other)).toBeUndefined()
  })

  test('never end in anything but a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('state', 'iss', 'error', 'code', 'id_token'), text),
        fc.constantFrom('#', '?'),
        async (fields, separator) => {
          const request = ask()
          const url = `${redirectUri}${separator}${write({ state: request.state, ...fields })}`
          await expect(read(url, request)).rejects.toMatchObject({ code: expect.stringMatching(/^OIDC_/) })
        },
      ),
    )
  })
})
