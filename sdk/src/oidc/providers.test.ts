import { describe, expect, test, vi } from 'vitest'
import {
  apple,
  createSignInNonce,
  createSignInRequest,
  discoverOidc,
  facebook,
  github,
  google,
  microsoft,
  oidc,
  readJwks,
  type SignInProvider,
  x,
} from './index.ts'

const clientId = 'rekey'
const bridge = 'https://bridge.example.com'
const issuer = 'https://login.example.com'
const work = { id: 'work', name: 'Work', issuer, clientId, authorizationEndpoint: `${issuer}/authorize` }
const all: SignInProvider[] = [
  google({ clientId, otherAudiences: ['second'] }),
  apple({ clientId }),
  microsoft({ clientId }),
  facebook({ clientId }),
  oidc(work),
  x({ bridge, clientId }),
  github({ bridge, clientId }),
]
const invalid = (problem: string) => expect.objectContaining({ code: 'OIDC_PROVIDER_INVALID', problem })
const unreachable = expect.objectContaining({ code: 'OIDC_ISSUER_UNREACHABLE' })

/** An issuer that answers with this, at whatever address. */
function answering(body: unknown, init: ResponseInit = {}) {
  return vi.fn<typeof globalThis.fetch>(async () => new Response(JSON.stringify(body), init))
}

describe('a provider', () => {
  test.each(all.map((provider) => [provider.id, provider] as const))('%s is plain data', (_, provider) => {
    expect(JSON.parse(JSON.stringify(provider))).toEqual(provider)
    expect(provider.audiences[0]).toBe(clientId)
    expect(provider.becomesPublic.join()).toContain(clientId)
    expect(provider.becomesPublic.join()).toContain(provider.name)
  })

  test('[128] that gives no ID tokens is marked as bridged, and says who vouches', () => {
    expect(all.filter(({ isBridged }) => isBridged).map(({ id }) => id)).toEqual(['x', 'github'])
    const [, , , , , ofX, ofGitHub] = all
    expect([ofX?.issuer, ofGitHub?.issuer]).toEqual([bridge, bridge])
    expect(ofX?.becomesPublic.join()).toContain(bridge)
    expect([ofX?.parameters, ofGitHub?.parameters]).toEqual([{ provider: 'x' }, { provider: 'github' }])
    expect(() => x({ bridge: 'http://bridge.example.com', clientId })).toThrow(invalid('issuer'))
    expect(() => github({ bridge: `${bridge}/?a=b`, clientId })).toThrow(invalid('issuer'))
  })

  test('has further client ids where one number is known to all, four at most and each once', () => {
    expect(google({ clientId, otherAudiences: ['b', clientId, 'c'] }).audiences).toEqual([clientId, 'b', 'c'])
    for (const wrong of [['a', 'b', 'c', 'd'], [''], ['x'.repeat(256)]])
      expect(() => google({ clientId, otherAudiences: wrong })).toThrow(invalid('clientId'))
    expect(() => apple({ clientId: '' })).toThrow(invalid('clientId'))
  })

  test('[J39] of Microsoft is one tenant, named by its number', () => {
    const consumers = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0'
    expect(microsoft({ clientId }).issuer).toBe(consumers)
    const tenant = '11111111-2222-3333-4444-555555555555'
    expect(microsoft({ clientId, tenant })).toMatchObject({
      issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
      authorizationEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
    })
    for (const wrong of ['common', 'organizations', 'example.com', '', tenant.replaceAll('1', 'A'), `${tenant}/x`])
      expect(() => microsoft({ clientId, tenant: wrong })).toThrow(invalid('tenant'))
  })

  test('is reached over https or on this machine', () => {
    for (const good of [
      'https://a.example',
      'http://localhost:3000',
      'http://a.localhost',
      'http://127.0.0.1:1',
      'http://[::1]',
    ])
      expect(oidc({ ...work, authorizationEndpoint: good }).authorizationEndpoint).toBe(good)
    const bad = [
      'http://a.example',
      'http://localhost.example',
      'http://127.0.0.2.example',
      'https://user@a.example',
      'https://:secret@a.example',
      'https://a.example/#',
      'javascript:alert(1)',
      '//a.example',
      '',
    ]
    for (const wrong of bad) {
      expect(() => oidc({ ...work, authorizationEndpoint: wrong })).toThrow(invalid('endpoint'))
      expect(() => oidc({ ...work, jwksUri: wrong })).toThrow(invalid('endpoint'))
      expect(() => oidc({ ...work, tokenEndpoint: wrong })).toThrow(invalid('endpoint'))
      expect(() => oidc({ ...work, issuer: wrong })).toThrow(invalid('issuer'))
    }
    expect(() => oidc({ ...work, responseType: 'code' })).toThrow(invalid('endpoint'))
  })
})

describe('a request', () => {
  const nonce = createSignInNonce()
  const redirectUri = 'https://auth.example.com/sign-in'
  const parametersOf = (provider: SignInProvider) =>
    new URL(createSignInRequest(provider, { nonce, redirectUri }).url).searchParams

  test.each(all.map((provider) => [provider.id, provider] as const))(
    '[J89] [J90] [J96] to %s asks for openid alone, by the user, once',
    (_, provider) => {
      const request = createSignInRequest(provider, { nonce, redirectUri })
      const parameters = parametersOf(provider)
      expect(Object.fromEntries(parameters)).toMatchObject({
        scope: 'openid',
        nonce,
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: provider.responseType,
      })
      expect(parameters.get('prompt')).not.toBe('none')
      expect(parameters.has('access_type')).toBe(false)
      expect(new Set(parameters.keys()).size).toBe([...parameters.keys()].length)
      // Apple takes a plus sign literally.
      expect(request.url).not.toContain('+')
      expect(JSON.parse(JSON.stringify(request))).toEqual(request)
    },
  )

  test('[J90] lets the user choose the account where the provider can, and sign in anew elsewhere', () => {
    expect([google, microsoft].map((of) => parametersOf(of({ clientId })).get('prompt'))).toEqual([
      'select_account',
      'select_account',
    ])
    expect(parametersOf(oidc(work)).get('prompt')).toBe('login')
  })

  test.each<[name: string, parameters: Record<string, string>]>([
    ['[J89] another scope', { scope: 'openid offline_access' }],
    ['[J89] access while the user is away', { access_type: 'offline' }],
    ['[J90] no user', { prompt: 'none' }],
    ['[J90] no user, among others', { prompt: 'login none' }],
    ['[J84] its own state', { state: 'x' }],
    ['[J84] its own nonce', { nonce: 'x' }],
    ['[J87] its own challenge', { code_challenge: 'x' }],
    ['[J87] a challenge in the clear', { code_challenge_method: 'plain' }],
    ['[J88] its own redirect address', { redirect_uri: 'https://evil.example' }],
    ['[J96] claims', { claims: '{"id_token":{"email":null}}' }],
    ['a request object', { request: 'e30' }],
    ['an answer by POST', { response_mode: 'form_post' }],
  ])('does not let a provider ask for %s, neither in its parameters nor in its address', (_, parameters) => {
    const [provider] = all
    if (!provider) throw new Error('There is no provider.')
    expect(() => parametersOf({ ...provider, parameters })).toThrow(invalid('parameter'))
    const address = `${issuer}/authorize?${new URLSearchParams(parameters)}`
    expect(() => parametersOf({ ...oidc(work), authorizationEndpoint: address })).toThrow(invalid('parameter'))
  })

  test('[J88] sends nobody back to an address that others can read', () => {
    for (const wrong of ['http://auth.example.com/sign-in', 'https://auth.example.com/#', '/sign-in'])
      expect(() => createSignInRequest(oidc(work), { nonce, redirectUri: wrong })).toThrow(invalid('endpoint'))
  })

  test('does not take a nonce that could be guessed', () => {
    expect(() => createSignInRequest(oidc(work), { nonce: 'x'.repeat(21), redirectUri })).toThrow(invalid('parameter'))
    expect(createSignInNonce()).toHaveLength(43)
    expect(createSignInNonce()).not.toBe(createSignInNonce())
  })

  test('[J87] for a code has a challenge, of a verifier that stays here; where the code is not used it stays nowhere', () => {
    const withCode = oidc({ ...work, responseType: 'code', tokenEndpoint: `${issuer}/token` })
    const [first, second] = [0, 1].map(() => createSignInRequest(withCode, { nonce, redirectUri }))
    expect(first?.codeVerifier).toMatch(/^[\w-]{43}$/)
    expect(first?.codeVerifier).not.toBe(second?.codeVerifier)
    expect(first?.url).not.toContain(first?.codeVerifier)
    expect(parametersOf(withCode).get('code_challenge_method')).toBe('S256')
    const ofApple = createSignInRequest(apple({ clientId }), { nonce, redirectUri })
    expect(ofApple.codeVerifier).toBeUndefined()
    expect(new URL(ofApple.url).searchParams.get('code_challenge_method')).toBe('S256')
    expect(createSignInRequest(google({ clientId }), { nonce, redirectUri }).url).not.toContain('code_challenge')
  })
})

describe('an issuer that is asked how to sign in', () => {
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code', 'id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    prompt_values_supported: ['none', 'select_account'],
  }
  const discover = (changes: object, more: object = {}) =>
    discoverOidc({ issuer, clientId, fetch: answering({ ...metadata, ...changes }), ...more })

  test('is a provider like any other', async () => {
    const fetch = answering(metadata)
    expect(await discoverOidc({ issuer, clientId, fetch })).toEqual({
      ...oidc({ ...work, id: 'login.example.com', name: 'login.example.com', jwksUri: `${issuer}/keys` }),
      tokenEndpoint: `${issuer}/token`,
      parameters: { prompt: 'select_account' },
    })
    expect(fetch.mock.calls[0]?.[0]).toBe(`${issuer}/.well-known/openid-configuration`)
  })

  test('[J90] has the user sign in anew where accounts cannot be chosen', async () => {
    for (const changes of [{ prompt_values_supported: undefined }, { prompt_values_supported: ['none', 'login'] }])
      expect((await discover(changes)).parameters).toEqual({ prompt: 'login' })
  })

  test('gives an ID token at once if it can, else a code with PKCE', async () => {
    const typeFor = async (offered: string[], methods: string[]) =>
      (await discover({ response_types_supported: offered, code_challenge_methods_supported: methods })).responseType
    expect(await typeFor(['code', 'code id_token'], ['S256'])).toBe('code')
    expect(await typeFor(['code', 'code id_token'], ['plain'])).toBe('code id_token')
    await expect(typeFor(['code', 'token'], ['plain'])).rejects.toThrow(invalid('discovery'))
  })

  test.each<[name: string, changes: object]>([
    ['[J39] by another name', { issuer: `${issuer}/` }],
    ['without a name', { issuer: undefined }],
    ['with a page to sign in at another origin', { authorization_endpoint: 'https://evil.example/authorize' }],
    ['with a token endpoint at another origin', { token_endpoint: 'https://evil.example/token' }],
    ['[J100] with keys at another origin', { jwks_uri: 'https://evil.example/keys' }],
    ['[J100] with keys without TLS', { jwks_uri: 'http://login.example.com/keys' }],
    ['with no page to sign in', { authorization_endpoint: undefined }],
    ['with an address that is none', { authorization_endpoint: 7 }],
    ['[J18] that signs with a shared secret', { id_token_signing_alg_values_supported: ['HS256', 'toString'] }],
  ])('%s is refused', async (_, changes) => {
    await expect(discover(changes)).rejects.toThrow(invalid('discovery'))
  })

  test('may have endpoints at origins that are named', async () => {
    const keys = 'https://keys.example.com/keys'
    const provider = await discover({ jwks_uri: keys }, { otherOrigins: ['https://keys.example.com'] })
    expect(provider.jwksUri).toBe(keys)
  })
})

describe('what is read from an issuer', () => {
  const address = `${issuer}/keys`

  test('[J100] takes no cookies along and follows nowhere', async () => {
    const fetch = answering({ keys: [] })
    expect(await readJwks(address, { fetch })).toEqual({ keys: [] })
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
  })

  test('[J100] comes over TLS', async () => {
    const fetch = answering({ keys: [] })
    await expect(readJwks('http://login.example.com/keys', { fetch })).rejects.toThrow(unreachable)
    expect(fetch).not.toHaveBeenCalled()
  })

  test('[J100] does not come from where a fetch was led that follows after all', async () => {
    const fetch: typeof globalThis.fetch = async () =>
      Object.defineProperty(new Response('{"keys":[]}'), 'redirected', { value: true })
    await expect(readJwks(address, { fetch })).rejects.toThrow(unreachable)
  })

  test.each<[name: string, body: string, init?: ResponseInit]>([
    ['[J67] a page', '<html>'],
    ['[J67] no list', '{"keys":{}}'],
    ['[J67] nothing', ''],
    ['an array', '[]'],
    ['an error', '{"keys":[]}', { status: 500 }],
    ['[J67] more than a quarter of a megabyte', `{"keys":["${'x'.repeat(256 * 1_024)}"]}`],
  ])('is not %s', async (_, body, init) => {
    await expect(readJwks(address, { fetch: async () => new Response(body, init) })).rejects.toThrow(unreachable)
  })

  test('stops being read once it is too long', async () => {
    let parts = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        parts += 1
        controller.enqueue(new Uint8Array(65_536).fill(0x20))
      },
    })
    await expect(readJwks(address, { fetch: async () => new Response(endless) })).rejects.toThrow(unreachable)
    expect(parts).toBeLessThan(10)
  })

  test('is waited for as long as the caller wants', async () => {
    const controller = new AbortController()
    const fetch: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const reading = readJwks(address, { fetch, signal: controller.signal })
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'OIDC_SIGN_IN_ABORTED' })
  })
})
