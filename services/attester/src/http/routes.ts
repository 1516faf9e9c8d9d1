import type { IssuerKey } from '@rekey/sdk/oidc'
import {
  check,
  createApp,
  createLimits,
  type Log,
  limitByClient,
  RequestError,
  type ServiceApp,
  type Store,
} from '@rekey/service-kit'
import { cors } from 'hono/cors'
import * as v from 'valibot'
import { type Address, hexToBytes } from 'viem'
import { listSigned, MAX_AGE } from '../exchange/observations.ts'
import type { Alarms } from '../store/alarms.ts'

export type RoutesParameters = {
  readonly store: Store
  readonly alarms: Alarms
  readonly log: Log
  readonly now: () => number
  readonly attester: Address
  readonly registry: Address
  readonly proxies: number
  /** When the last round ended, in seconds since 1970, and how long one may take. */
  readonly rounds: { readonly last: () => number; readonly mostSeconds: number }
}

const limit = { name: 'requests', most: 600, seconds: 60 }
const keysQuery = v.object({ issuer: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) })

/** What an attester answers. It says nothing that is not public, and takes nothing in. */
export function createRoutes({
  store,
  alarms,
  log,
  now,
  attester,
  registry,
  proxies,
  rounds,
}: RoutesParameters): ServiceApp {
  const app = createApp({ log, maxBodyBytes: 1_024 })
  app.use(limitByClient(createLimits(store, now), limit, proxies))

  app.get('/health', async (context) => {
    const isRunning = now() - rounds.last() <= rounds.mostSeconds
    const open = (await alarms.list()).filter(({ ended }) => ended === null)
    const issuers = await store.query<{ issuer: string; tried: number; succeeded: number }>(
      'SELECT issuer, tried, succeeded FROM looks ORDER BY issuer',
    )
    const status = isRunning ? (open.length > 0 ? 'alarmed' : 'ok') : 'stuck'
    return context.json({ status, attester, registry, alarms: open.length, issuers }, isRunning ? 200 : 503)
  })

  app.get('/alarms', async (context) => context.json({ alarms: await alarms.list() }))

  // The last slots are enough for peers; the registry takes older ones, but newer ones are there then.
  app.get('/observations', async (context) =>
    context.json({ attester, observations: await listSigned(store, attester, now() - MAX_AGE) }),
  )

  app.use('/keys', cors({ origin: '*', allowMethods: ['GET'] }))
  app.get('/keys', async (context) => {
    const { issuer } = check(context.req.query(), keysQuery)
    const keys = await store.query<IssuerKey & { kid: string; shown: boolean }>(
      'SELECT kid, algorithm, key FROM keys WHERE issuer = $1 ORDER BY last_seen DESC, kid',
      [issuer],
    )
    if (keys.length === 0)
      throw new RequestError(404, 'ISSUER_UNKNOWN', 'No key of this issuer is known here.', 'Ask the issuer itself.')
    context.header('cache-control', 'public, max-age=300')
    return context.json({ keys: keys.map(({ kid, ...key }) => ({ ...toJwk(key), kid, use: 'sig' })) })
  })
  return app
}

/** A key as issuers write it (RFC 7517). */
function toJwk({ algorithm, key }: IssuerKey): Readonly<Record<string, string>> {
  const bytes = Buffer.from(hexToBytes(key))
  if (algorithm === 'RS256') return { kty: 'RSA', alg: algorithm, n: bytes.toString('base64url'), e: 'AQAB' }
  const [x, y] = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) => half.toString('base64url'))
  return { kty: 'EC', crv: 'P-256', alg: algorithm, x: x ?? '', y: y ?? '' }
}
