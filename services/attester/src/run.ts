import { createSafeFetch, openStore, type RunningService, type ServiceStart, serve } from '@rekey/service-kit'
import { privateKeyToAccount } from 'viem/accounts'
import { createRound } from './attester.ts'
import { openRegistry } from './chain/registry.ts'
import { createRoutes } from './http/routes.ts'
import { repeat } from './repeat.ts'
import { type AttesterSettings, checkSettings } from './settings.ts'
import { createAlarms } from './store/alarms.ts'
import { migrations } from './store/migrations.ts'

/** Most bytes of a list of keys, or of a peer's observations. */
const MAX_BYTES = 1_048_576
/** Rounds in an interval: a look that failed is repeated, and what peers signed meanwhile is found. */
const ROUNDS = 6
/** A round that takes longer than this, with all its timeouts, hangs. */
const STUCK_SECONDS = 300

/** Starts an attester. */
export async function startAttester({ settings, log }: ServiceStart<AttesterSettings>): Promise<RunningService> {
  checkSettings(settings)
  const now = (): number => Math.floor(Date.now() / 1000)
  const signer = privateKeyToAccount(settings.ATTESTER_KEY)
  const payer = privateKeyToAccount(settings.ATTESTER_ACCOUNT_KEY)
  const registry = settings.ATTESTER_REGISTRY
  const interval = settings.ATTESTER_INTERVAL_SECONDS
  const store = await openStore(settings.ATTESTER_STORE, migrations)
  const alarms = createAlarms(store, log, now)
  let last = now()
  const round = createRound({
    signer,
    registry,
    chains: settings.ATTESTER_CHAINS.map((chain) => openRegistry(chain, registry, payer)),
    issuers: settings.ATTESTER_ISSUERS,
    peers: settings.ATTESTER_PEERS,
    quorum: settings.ATTESTER_QUORUM,
    interval,
    refresh: settings.ATTESTER_REFRESH_SECONDS,
    store,
    alarms,
    log,
    get: createSafeFetch({
      allowedHosts: settings.ATTESTER_ALLOWED_HOSTS,
      maxBytes: MAX_BYTES,
      types: ['application/json', 'application/jwk-set+json'],
    }),
    now,
  })
  const rounds = { last: () => last, mostSeconds: interval + STUCK_SECONDS }
  const app = createRoutes({
    store,
    alarms,
    log,
    now,
    attester: signer.address,
    registry,
    proxies: settings.ATTESTER_PROXIES,
    rounds,
  })
  const serving = await serve(app, { port: settings.ATTESTER_PORT })
  log.info('listening', { url: serving.url, attester: signer.address, registry, pays: payer.address })
  const repeating = repeat(
    async () => {
      await round()
      last = now()
    },
    { everyMs: (interval * 1000) / ROUNDS, onError: (error) => log.error('round failed', { error }) },
  )
  return {
    async stop() {
      await repeating.stop()
      await serving.stop()
      await store.close()
    },
  }
}
