import { createSignInRequest, github, oidcNonce, parseIdToken, readSignInResponse, x } from '@rekey/sdk/oidc'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { keccak256, stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitTo, hashEntry, type LogEntry } from '../../services/bridge/src/tokenLog.ts'
import { type BridgeInProcess, startBridgeInProcess } from './support/localBridge.ts'
import { authorizationUrl, fragmentOf, signInAs, signInPage } from './support/signIns.ts'
import { createVisitor, type Visited, type Visitor } from './support/visitor.ts'

type ProviderId = 'x' | 'github'

const nonce = oidcNonce(keccak256(stringToHex('a recovery')))
let bridge: BridgeInProcess

beforeAll(async () => {
  bridge = await startBridgeInProcess()
})
afterAll(async () => {
  await bridge?.[Symbol.asyncDispose]()
})

const providerAt = (id: ProviderId) => ({
  id,
  name: id,
  issuer: bridge.issuer,
  clientId: 'rekey-local',
  authorizationEndpoint: `${bridge.issuer}/authorize?provider=${id}`,
  jwksUri: `${bridge.issuer}/jwks`,
  responseType: 'id_token' as const,
})
const urlFor = (id: ProviderId, changes: Readonly<Record<string, string | undefined>> = {}) =>
  authorizationUrl(providerAt(id), { nonce, state: 's', ...changes })
const signIn = async (id: ProviderId, account: string, visitor = createVisitor()) =>
  signInAs(visitor, urlFor(id), account)
const subjectAt = async (id: ProviderId, account: string) =>
  parseIdToken((await signIn(id, account)).get('id_token') ?? '').subject
const readLog = async (from = 1): Promise<{ entries: LogEntry[]; next: number | null }> =>
  JSON.parse((await createVisitor().ask(`${bridge.issuer}/log?from=${from}`)).body)

/** Goes to the provider and signs in there; what would bring the browser back to the bridge is not followed. */
async function comeBack(visitor: Visitor, id: ProviderId, account = 'ada'): Promise<URL> {
  const login = await visitor.visit(urlFor(id), signInPage)
  return (await visitor.visit(login.url, bridge.issuer, { account })).url
}
const refused = ({ status, body }: Visited) => [status, JSON.parse(body).code]

describe('the bridge', () => {
  test.each([
    ['x', x],
    ['github', github],
  ] as const)(
    '[128] says who signed in at %s, for five minutes, and nothing else, when a page of ours asks',
    async (id, at) => {
      const visitor = createVisitor()
      const provider = at({ bridge: bridge.issuer, clientId: 'rekey-local' })
      const request = createSignInRequest(provider, { nonce, redirectUri: signInPage })
      const answer = await signInAs(visitor, new URL(request.url), 'ada')
      const { state } = request
      expect(Object.fromEntries(answer)).toEqual({ id_token: expect.any(String), state, iss: bridge.issuer })
      const token = await readSignInResponse(`${signInPage}#${answer}`, request)
      const jwks = JSON.parse((await visitor.ask(provider.jwksUri ?? '')).body) as JSONWebKeySet
      const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
        issuer: bridge.issuer,
        audience: 'rekey-local',
        algorithms: ['ES256'],
      })
      expect(payload.sub).toBe(`${id}|${bridge[id].idOf('ada')}`)
      expect(payload.nonce).toBe(nonce)
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
      expect(Object.keys(payload).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'nonce', 'sub'])
    },
  )

  test('tells what it is to whoever asks, on any page', async () => {
    const visited = await createVisitor().ask(`${bridge.issuer}/.well-known/openid-configuration`)
    expect(JSON.parse(visited.body)).toMatchObject({
      issuer: bridge.issuer,
      jwks_uri: `${bridge.issuer}/jwks`,
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
    expect(visited.headers['access-control-allow-origin']).toBe('*')
  })

  test.each<ProviderId>(['x', 'github'])(
    '[J92] knows an account of %s by its number: handles change hands',
    async (id) => {
      const before = await subjectAt(id, `${id}-anna`)
      bridge[id].rename(`${id}-anna`, `${id}-anne`)
      expect(await subjectAt(id, `${id}-anne`)).toBe(before)
      expect(await subjectAt(id, `${id}-anna`)).not.toBe(before)
      bridge[id].recreate(`${id}-anne`)
      expect(await subjectAt(id, `${id}-anne`)).not.toBe(before)
    },
  )

  test('sends back whoever changes his mind at the provider', async () => {
    const visitor = createVisitor()
    const login = await visitor.visit(urlFor('x'), signInPage)
    const answer = fragmentOf(await visitor.visit(login.url, signInPage, { refuse: 'yes' }))
    expect(Object.fromEntries(answer)).toEqual({ error: 'access_denied', state: 's', iss: bridge.issuer })
  })

  test('[J90] asks the provider anew each time: nobody is signed in here', async () => {
    const visitor = createVisitor()
    await signIn('x', 'ada', visitor)
    expect((await visitor.visit(urlFor('x'), signInPage)).url.origin).toBe(bridge.x.origin)
    expect(fragmentOf(await visitor.visit(urlFor('x', { prompt: 'none' }), signInPage)).get('error')).toBe(
      'login_required',
    )
  })

  test('[J88] sends nobody to a page that is not registered, not even with an error', async () => {
    for (const redirect_uri of ['https://evil.example/', `${signInPage}/..`, `${signInPage}?a=b`]) {
      for (const changes of [{}, { scope: 'email' }]) {
        const visited = await createVisitor().ask(urlFor('x', { redirect_uri, ...changes }))
        expect(refused(visited)).toEqual([400, 'UNKNOWN_PAGE'])
        expect(visited.headers.location).toBeUndefined()
      }
    }
  })

  test('[J91] has no device flow, and no other way in', async () => {
    const visitor = createVisitor()
    for (const path of ['device', 'device_authorization', 'token', 'userinfo', 'register', 'introspect', 'callback'])
      for (const form of [undefined, { client_id: 'rekey-local', scope: 'openid' }])
        expect((await visitor.ask(`${bridge.issuer}/${path}`, form)).status).toBe(404)
    expect((await visitor.ask(urlFor('x'), {})).status).toBe(404)
  })
})

describe('a sign-in under way', () => {
  test('[J84] is finished only in the browser that began it', async () => {
    const victim = createVisitor()
    const back = await comeBack(victim, 'x')
    const attacker = createVisitor()
    expect(refused(await attacker.ask(back))).toEqual([400, 'UNKNOWN_SIGN_IN'])
    const own = await comeBack(attacker, 'x', 'mallory')
    const [state, code] = [back.searchParams.get('state') ?? '', own.searchParams.get('code') ?? '']
    expect(refused(await attacker.ask(`${bridge.issuer}/callback/x?state=${state}&code=${code}`))).toEqual([
      400,
      'UNKNOWN_SIGN_IN',
    ])
    expect(fragmentOf(await victim.visit(back, signInPage)).get('id_token')).not.toBeNull()
  })

  test('[J83] has to have begun here', async () => {
    const back = await comeBack(createVisitor(), 'x', 'mallory')
    for (const state of ['', 'A'.repeat(43), `${back.searchParams.get('state')}A`]) {
      const url = new URL(back)
      url.searchParams.set('state', state)
      expect(refused(await createVisitor().ask(url))).toEqual([400, 'UNKNOWN_SIGN_IN'])
    }
  })

  test('[J87] is finished once, with its code', async () => {
    const visitor = createVisitor()
    const back = await comeBack(visitor, 'x')
    const cookies = new Map(visitor.cookies.get(new URL(bridge.issuer).host))
    expect(fragmentOf(await visitor.visit(back, signInPage)).get('id_token')).not.toBeNull()
    visitor.cookies.set(new URL(bridge.issuer).host, cookies)
    expect(refused(await visitor.ask(back))).toEqual([400, 'UNKNOWN_SIGN_IN'])
  })

  test('[J87] a code that was redeemed elsewhere first, or is of another sign-in, is worth nothing', async () => {
    const [first, second] = [createVisitor(), createVisitor()]
    const stolen = await comeBack(first, 'x', 'victim')
    const own = await comeBack(second, 'x', 'mallory')
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    // The code's challenge is of the victim's browser; this one's verifier does not fit.
    const answer = fragmentOf(await second.visit(own, signInPage))
    expect(Object.fromEntries(answer)).toEqual({ error: 'server_error', state: 's', iss: bridge.issuer })
    expect(fragmentOf(await first.visit(stolen, signInPage)).get('error')).toBe('server_error')
  })

  test.each<ProviderId>(['x', 'github'])(
    '[J87] at %s has a challenge by S256 that nobody can tell from outside',
    async (id) => {
      const [first, second] = [await createVisitor().ask(urlFor(id)), await createVisitor().ask(urlFor(id))]
      const [one, other] = [first, second].map(({ headers }) => new URL(headers.location ?? '').searchParams)
      expect(one?.get('code_challenge_method')).toBe('S256')
      expect(one?.get('code_challenge')).toMatch(/^[\w-]{43}$/)
      expect(one?.get('code_challenge')).not.toBe(other?.get('code_challenge'))
      expect(one?.get('state')).not.toBe(other?.get('state'))
      expect(one?.get('redirect_uri')).toBe(`${bridge.issuer}/callback/${id}`)
    },
  )

  test('[J84] comes back from the provider it went to', async () => {
    const visitor = createVisitor()
    const back = await comeBack(visitor, 'x')
    const mixed = new URL(back)
    mixed.pathname = '/callback/github'
    const cookies = new Map(visitor.cookies.get(new URL(bridge.issuer).host))
    expect(refused(await visitor.ask(mixed))).toEqual([400, 'UNKNOWN_SIGN_IN'])
    visitor.cookies.set(new URL(bridge.issuer).host, cookies)
    const named = new URL(back)
    named.searchParams.set('iss', 'https://evil.example')
    expect(fragmentOf(await visitor.visit(named, signInPage)).get('error')).toBe('server_error')
  })

  test('is over after ten minutes', async () => {
    const visitor = createVisitor()
    const back = await comeBack(visitor, 'github')
    bridge.wait(601)
    expect(refused(await visitor.ask(back))).toEqual([400, 'UNKNOWN_SIGN_IN'])
  })

  test('does not disturb another in the same browser', async () => {
    const visitor = createVisitor()
    const first = await comeBack(visitor, 'github')
    const second = await comeBack(visitor, 'x')
    expect(fragmentOf(await visitor.visit(first, signInPage)).get('id_token')).not.toBeNull()
    expect(fragmentOf(await visitor.visit(second, signInPage)).get('id_token')).not.toBeNull()
  })

  test('leaves a cookie that scripts cannot read and that no other site sends along, and takes it back', async () => {
    const visitor = createVisitor()
    const { headers } = await visitor.ask(urlFor('x'))
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^sign-in-[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    await signIn('x', 'ada', visitor)
    expect([...(visitor.cookies.get(new URL(bridge.issuer).host) ?? [])]).toHaveLength(1)
  })
})

describe('the provider’s access token', () => {
  test('[J92] is used once and neither written anywhere nor sent on', async () => {
    const before = bridge.asked.length
    await signIn('x', 'ada')
    const asked = bridge.asked.slice(before)
    expect(asked.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      `POST ${bridge.x.api}/2/oauth2/token`,
      `GET ${bridge.x.api}/2/users/me`,
    ])
    const token = /bearer ([\w-]+)/i.exec(asked[1] ?? '')?.[1] ?? ''
    expect(token).toMatch(/^[\w-]{43}$/)
    const verifier = /code_verifier=([\w-]{43})/.exec(asked[0] ?? '')?.[1] ?? 'none'
    const tables = await Promise.all(
      ['pending_sign_ins', 'token_log', 'token_log_salts', 'limits'].map((name) =>
        bridge.store.query(`SELECT * FROM ${name}`),
      ),
    )
    const kept = `${bridge.logged.join('')}${JSON.stringify(tables)}`
    for (const secret of [token, verifier, 'secret-of-x']) expect(kept).not.toContain(secret)
  })

  test('[J92] is not written down when the answer that has it is strange', async () => {
    const token = 'gho_strange0answer0token'
    bridge.answerNext('/login/oauth/access_token', {
      value: token,
      access_token: token,
      token_type: 'mac',
      note: token,
    })
    expect((await signIn('github', 'ada')).get('error')).toBe('server_error')
    bridge.answerNext('/user', { login: 'ada', echo: token })
    expect((await signIn('github', 'ada')).get('error')).toBe('server_error')
    expect(bridge.logged.at(-2)).toContain('PROVIDER_FAILED')
    expect(bridge.logged.join('')).not.toContain(token)
  })

  test('[J92] of another app is not taken: there is no way to hand one in', async () => {
    const visitor = createVisitor()
    const back = await comeBack(visitor, 'github')
    back.searchParams.delete('code')
    back.searchParams.set('access_token', 'gho_of_another_app')
    const before = bridge.asked.length
    expect(fragmentOf(await visitor.visit(back, signInPage)).get('error')).toBe('server_error')
    expect(bridge.asked.slice(before)).toEqual([])
  })

  test('[J92] that is of somebody without a number leads to no token', async () => {
    for (const [id, path, body] of [
      ['x', '/2/users/me', { data: { id: 'ada', name: 'Ada', username: 'ada' } }],
      ['x', '/2/users/me', { errors: [{ title: 'Not Found' }] }],
      ['github', '/user', { login: 'ada', id: '583231' }],
      ['github', '/login/oauth/access_token', { error: 'bad_verification_code' }],
      ['github', '/login/oauth/access_token', { access_token: 'a', token_type: 'mac' }],
    ] as const) {
      bridge.answerNext(path, body)
      expect(Object.fromEntries(await signIn(id, 'ada'))).toEqual({
        error: 'server_error',
        state: 's',
        iss: bridge.issuer,
      })
    }
  })

  test('[J89] comes without one that would renew it, and is not renewed', async () => {
    await signIn('x', 'ada')
    await signIn('github', 'ada')
    expect(bridge.asked.filter((line) => line.includes('grant_type=refresh_token'))).toEqual([])
    const { headers } = await createVisitor().ask(urlFor('x'))
    expect(new URL(headers.location ?? '').searchParams.get('scope')).toBe('users.read tweet.read')
  })
})

describe('the log of tokens', () => {
  test('has every token’s nonce in a chain that anybody can check', async () => {
    const own = oidcNonce(keccak256(stringToHex('another recovery')))
    const answer = await signInAs(createVisitor(), urlFor('github', { nonce: own }), 'grace')
    const { subject, issuedAt } = parseIdToken(answer.get('id_token') ?? '')
    const { entries, next } = await readLog()
    expect(next).toBeNull()
    expect(entries.at(-1)).toMatchObject({ provider: 'github', client: 'rekey-local', nonce: own, time: issuedAt })
    let previous = '0'.repeat(64)
    for (const [at, entry] of entries.entries()) {
      expect(entry).toMatchObject({ number: at + 1, previous, hash: hashEntry(entry) })
      previous = entry.hash
    }
    const [salt] = await bridge.store.query<{ salt: string }>(
      'SELECT salt FROM token_log_salts ORDER BY number DESC LIMIT 1',
    )
    expect(entries.at(-1)?.commitment).toBe(commitTo(subject, salt?.salt ?? ''))
  })

  test('does not show who it was, nor which tokens are one person’s', async () => {
    await signIn('x', 'ada')
    await signIn('x', 'ada')
    const { entries } = await readLog()
    const [last, before] = [entries.at(-1), entries.at(-2)]
    expect(last?.commitment).not.toBe(before?.commitment)
    const id = bridge.x.idOf('ada')
    expect(JSON.stringify(entries)).not.toContain(id)
    expect(last?.commitment).not.toBe(commitTo(`x|${id}`, ''))
  })

  test('is not changed, shortened or branched, not even by who has the database', async () => {
    const before = await readLog()
    const last = before.entries.at(-1)
    if (!last) throw new Error('The log is empty.')
    const values = (entry: Partial<LogEntry>): string => {
      const { number, time, provider, client, nonce: own, commitment, previous, hash } = { ...last, ...entry }
      return `(${number}, ${time}, '${provider}', '${client}', '${own}', '${commitment}', '${previous}', '${hash}')`
    }
    const next = { number: last.number + 1, previous: last.hash, hash: 'f'.repeat(64) }
    for (const sql of [
      "UPDATE token_log SET nonce = 'x'",
      'DELETE FROM token_log',
      'TRUNCATE token_log CASCADE',
      `INSERT INTO token_log VALUES ${values({ ...next, number: next.number + 1 })}`,
      `INSERT INTO token_log VALUES ${values({ ...next, previous: last.previous })}`,
      `INSERT INTO token_log VALUES ${values({ ...next, time: last.time - 1 })}`,
    ])
      await expect(bridge.store.query(sql), sql).rejects.toThrow(/append-only|does not follow/)
    expect(await readLog()).toEqual(before)
  })

  test('has no token that is not in it: when it cannot be written, none is given out', async () => {
    await bridge.store.query('ALTER TABLE token_log_salts RENAME TO away')
    const visited = await createVisitor().visit(urlFor('x'), signInPage)
    const failed = await (async () => {
      const visitor = createVisitor()
      const back = await comeBack(visitor, 'x')
      return visitor.ask(back)
    })()
    await bridge.store.query('ALTER TABLE away RENAME TO token_log_salts')
    expect(visited.status).toBe(200)
    expect(refused(failed)).toEqual([500, 'INTERNAL'])
    expect(failed.headers.location).toBeUndefined()
  })

  test('comes in pages', async () => {
    const { entries } = await readLog()
    const tail = await readLog(entries.length)
    expect(tail).toEqual({ entries: entries.slice(-1), next: null })
    expect(await readLog(entries.length + 1)).toEqual({ entries: [], next: null })
    for (const from of ['0', '-1', 'x', '1e3', "1' OR '1'='1"]) {
      const visited = await createVisitor().ask(`${bridge.issuer}/log?from=${encodeURIComponent(from)}`)
      expect(refused(visited)).toEqual([400, 'REQUEST_INVALID'])
    }
  })
})

describe('limits', () => {
  test('a person gets twenty tokens an hour, and then some again', async () => {
    bridge.wait(3_600)
    for (let count = 0; count < 20; count++) {
      bridge.wait(30)
      expect((await signIn('github', 'busy')).has('id_token')).toBe(true)
    }
    expect((await signIn('github', 'busy')).get('error')).toBe('temporarily_unavailable')
    expect((await signIn('github', 'another')).has('id_token')).toBe(true)
    bridge.wait(3_600)
    expect((await signIn('github', 'busy')).has('id_token')).toBe(true)
  })

  test('an address begins and finishes sixty in ten minutes', async () => {
    bridge.wait(600)
    for (let count = 0; count < 60; count++) expect((await createVisitor().ask(urlFor('x'))).status).toBe(303)
    const late = await createVisitor().ask(urlFor('x'))
    expect(refused(late)).toEqual([429, 'TOO_MANY'])
    bridge.wait(600)
    expect((await createVisitor().ask(urlFor('x'))).status).toBe(303)
  })
})
