import {
  check,
  createApp,
  createLimits,
  type Limit,
  type Log,
  limitByClient,
  RequestError,
  type SafeFetch,
  type ServiceApp,
  type ServiceContext,
  type Store,
  spend,
} from '@rekey/service-kit'
import { cors } from 'hono/cors'
import * as v from 'valibot'
import { askUpstream } from './askUpstream.ts'
import { answerAddress, type BridgeClient, readAuthorization } from './authorization.ts'
import { createBrowserCookie } from './browserCookie.ts'
import { configurationOf } from './configuration.ts'
import { signIdToken } from './idToken.ts'
import { codeVerifierOf, createPendingSignIns, type Departure } from './pendingSignIns.ts'
import { challengeOf } from './pkce.ts'
import { providerForms, subjectOf, type Upstream } from './providers.ts'
import type { SigningKey } from './signingKey.ts'
import { createTokenLog, pageSize } from './tokenLog.ts'

export type BridgeParameters = {
  /** Its own address, without a slash at the end: `iss` of its tokens. */
  readonly issuer: string
  readonly key: SigningKey
  readonly clients: readonly BridgeClient[]
  readonly upstreams: readonly Upstream[]
  readonly store: Store
  readonly log: Log
  /** Asks the providers. */
  readonly fetch: SafeFetch
  /** How many proxies of ours stand before it. */
  readonly proxies: number
  /** Unix time in seconds. */
  readonly now?: () => number
}

const perClient: Limit = { name: 'sign-ins of a network', most: 60, seconds: 600 }
const perPerson: Limit = { name: 'tokens of a person', most: 20, seconds: 3_600 }
const fromNumber = v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number)), '1')

/** The bridge: an OpenID issuer whose users sign in at X or GitHub. */
export function createBridge(parameters: BridgeParameters): ServiceApp {
  const { issuer, key, clients, upstreams, store, log, fetch, proxies } = parameters
  const now = parameters.now ?? (() => Math.floor(Date.now() / 1000))
  const take = createLimits(store, now)
  const pending = createPendingSignIns(store, now)
  const tokens = createTokenLog(store)
  const cookie = createBrowserCookie(issuer)
  const app = createApp({ log })
  app.use('/authorize', limitByClient(take, perClient, proxies))
  app.use('/callback/*', limitByClient(take, perClient, proxies))
  for (const path of ['/.well-known/*', '/jwks', '/log']) app.use(path, cors({ origin: '*', allowMethods: ['GET'] }))

  app.get('/.well-known/openid-configuration', (context) => context.json(configurationOf(issuer)))
  app.get('/jwks', (context) => context.json({ keys: [key.publicJwk] }))
  app.get('/log', async (context) => {
    const from = check(context.req.query('from'), fromNumber)
    const entries = await tokens.read(from)
    return context.json({ entries, next: entries.length < pageSize ? null : from + pageSize })
  })

  app.get('/authorize', async (context) => {
    const query = new URL(context.req.url).searchParams
    const read = readAuthorization(
      query,
      clients,
      upstreams.map(({ id }) => id),
    )
    if (!read.isGood) return answer(context, read.redirectUri, { error: read.error, state: read.state })
    const departure = await pending.begin(read.authorization)
    cookie.set(context, departure)
    return context.redirect(departureAddress(upstreamOf(read.authorization.provider), departure), 303)
  })

  app.get('/callback/:provider', async (context) => {
    const upstream = upstreamOf(context.req.param('provider'))
    const query = new URL(context.req.url).searchParams
    const state = query.get('state') ?? ''
    const departure = { state, browserSecret: cookie.take(context, state) }
    const asked = await pending.finish(upstream.id, departure)
    if (asked === undefined) throw unknownSignIn()
    const { client, redirectUri, nonce } = asked
    const refuse = (error: string): Response => answer(context, redirectUri, { error, state: asked.state })
    if (query.has('error')) return refuse(query.get('error') === 'access_denied' ? 'access_denied' : 'server_error')
    try {
      const id = await askUpstream(upstream, { departure, query, redirectUri: callbackOf(upstream) }, fetch)
      const subject = subjectOf(upstream.id, id)
      await spend(take, perPerson, subject)
      const time = now()
      await tokens.append({ time, provider: upstream.id, client, nonce, subject })
      const claims = { issuer, subject, audience: client, nonce, issuedAt: time }
      return answer(context, redirectUri, { id_token: await signIdToken(claims, key), state: asked.state })
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      // Not the error whole: what the provider answered is in it, and in that may be a token.
      context.get('log').warn('no token', { code: error.code, provider: upstream.id, client, reason: reasonOf(error) })
      return refuse(error.status === 429 ? 'temporarily_unavailable' : 'server_error')
    }
  })
  return app

  function upstreamOf(id: string): Upstream {
    const upstream = upstreams.find((candidate) => candidate.id === id)
    if (upstream === undefined)
      throw new RequestError(404, 'UNKNOWN_PROVIDER', 'Nobody signs in there.', 'Choose another provider.')
    return upstream
  }

  /** One for each provider: an answer of one cannot be passed off as another's (RFC 9700 §4.4.2.2). */
  function callbackOf({ id }: Upstream): string {
    return `${issuer}/callback/${id}`
  }

  function departureAddress(upstream: Upstream, departure: Departure): string {
    const url = new URL(upstream.authorizationEndpoint)
    const all = {
      ...providerForms[upstream.id].parameters,
      response_type: 'code',
      client_id: upstream.clientId,
      redirect_uri: callbackOf(upstream),
      state: departure.state,
      code_challenge: challengeOf(codeVerifierOf(departure)),
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
    return url.href
  }

  /** Sends the user back to the page that asked. */
  function answer(context: ServiceContext, redirectUri: string, given: Readonly<Record<string, string>>): Response {
    return context.redirect(answerAddress(redirectUri, { ...given, iss: issuer }), 303)
  }
}

function reasonOf({ cause }: RequestError): string {
  return cause instanceof Error ? `${cause.name} ${String(Reflect.get(cause, 'code') ?? '')}`.trim() : 'none'
}

function unknownSignIn(): RequestError {
  const remedy = 'Begin again where you came from, in the same browser.'
  return new RequestError(400, 'UNKNOWN_SIGN_IN', 'This sign-in is over, or began in another browser.', remedy)
}
