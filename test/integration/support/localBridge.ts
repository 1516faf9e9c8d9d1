import { createLog, createSafeFetch, limitMigration, openStore, type Store, serve } from '@rekey/service-kit'
import { createLocalKey } from '../../../scripts/stack/openid/issuerKey.ts'
import type { StandIn, StandInClient } from '../../../scripts/stack/openid/standIn.ts'
import { startGithub } from '../../../scripts/stack/openid/standInGithub.ts'
import { startX } from '../../../scripts/stack/openid/standInX.ts'
import { startTcpProxy } from '../../../scripts/stack/tcpProxy.ts'
import { createBridge } from '../../../services/bridge/src/bridgeApp.ts'
import { pendingMigration } from '../../../services/bridge/src/pendingSignIns.ts'
import type { Upstream } from '../../../services/bridge/src/providers.ts'
import { readSigningKey } from '../../../services/bridge/src/signingKey.ts'
import { tokenLogMigration } from '../../../services/bridge/src/tokenLog.ts'
import { signInPage } from './signIns.ts'

/** The bridge in this process, with a database that can be looked into, between those who play X and GitHub. */
export type BridgeInProcess = AsyncDisposable & {
  readonly issuer: string
  readonly x: StandIn
  readonly github: StandIn
  readonly store: Store
  /** What was written to its log. */
  readonly logged: readonly string[]
  /** What it asked providers: method, address, and what it sent. */
  readonly asked: readonly string[]
  /** Moves its clock, in seconds. */
  readonly wait: (seconds: number) => void
  /** What it asks providers is answered thus, once. */
  readonly answerNext: (path: string, body: unknown) => void
}

export async function startBridgeInProcess(): Promise<BridgeInProcess> {
  const closers: (() => Promise<void>)[] = []
  const logged: string[] = []
  const asked: string[] = []
  const answers = new Map<string, unknown>()
  let offset = 0
  let port = 0
  const proxy = await startTcpProxy(async () => port)
  const issuer = `http://bridge.localhost:${proxy.port}`
  const clientAt = (id: 'x' | 'github'): StandInClient => ({
    id: `bridge-at-${id}`,
    secret: `secret-of-${id}`,
    redirectUri: `${issuer}/callback/${id}`,
  })
  const [x, github] = [await startX(() => clientAt('x'), closers), await startGithub(() => clientAt('github'), closers)]
  const upstreams: Upstream[] = [
    {
      ...named('x', clientAt('x')),
      authorizationEndpoint: `${x.origin}/i/oauth2/authorize`,
      tokenEndpoint: `${x.api}/2/oauth2/token`,
      userEndpoint: `${x.api}/2/users/me`,
    },
    {
      ...named('github', clientAt('github')),
      authorizationEndpoint: `${github.origin}/login/oauth/authorize`,
      tokenEndpoint: `${github.api}/login/oauth/access_token`,
      userEndpoint: `${github.api}/user`,
    },
  ]
  const { privateJwk } = await createLocalKey('ES256')
  const fetch = createSafeFetch({ allowedHosts: [x.api, github.api].map((api) => new URL(api).host) })
  const store = await openStore({ kind: 'memory' }, [limitMigration, pendingMigration, tokenLogMigration])
  const app = createBridge({
    issuer,
    key: await readSigningKey(privateJwk as Parameters<typeof readSigningKey>[0]),
    clients: [{ id: 'rekey-local', redirectUris: [signInPage] }],
    upstreams,
    store,
    log: createLog({ service: 'bridge', write: (line) => void logged.push(line) }),
    fetch: async (url, request) => {
      asked.push(`${request?.method} ${url} ${JSON.stringify(request?.headers)} ${request?.body ?? ''}`)
      const { pathname } = new URL(url)
      if (!answers.has(pathname)) return fetch(url, request)
      const body = answers.get(pathname)
      answers.delete(pathname)
      return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) }
    },
    proxies: 0,
    now: () => Math.floor(Date.now() / 1000) + offset,
  })
  const serving = await serve(app, { port: 0 })
  port = Number(new URL(serving.url).port)
  return {
    issuer,
    x,
    github,
    store,
    logged,
    asked,
    wait: (seconds) => {
      offset += seconds
    },
    answerNext: (path, body) => void answers.set(path, body),
    [Symbol.asyncDispose]: async () => {
      await proxy.close()
      await serving.stop()
      await Promise.all(closers.map((close) => close()))
      await store.close()
    },
  }
}

function named(id: 'x' | 'github', { id: clientId, secret }: StandInClient) {
  return { id, clientId, clientSecret: secret }
}
