import { createSafeFetch, limitMigration, openStore, runService, SettingsError, serve } from '@rekey/service-kit'
import { createBridge } from './bridgeApp.ts'
import { pendingMigration } from './pendingSignIns.ts'
import { bridgeSettings, upstreamsOf } from './settings.ts'
import { readSigningKey } from './signingKey.ts'
import { tokenLogMigration } from './tokenLog.ts'

await runService({
  name: 'bridge',
  settings: bridgeSettings,
  prefix: 'BRIDGE_',
  start: async ({ settings, log }) => {
    const upstreams = upstreamsOf(settings)
    const key = await readSigningKey(settings.BRIDGE_SIGNING_KEY).catch(() => {
      throw new SettingsError(['BRIDGE_SIGNING_KEY is wrong. Wanted: a private key of P-256 as a JWK with kid.'])
    })
    const store = await openStore(settings.BRIDGE_DATABASE, [limitMigration, pendingMigration, tokenLogMigration])
    const app = createBridge({
      issuer: settings.BRIDGE_ISSUER,
      key,
      clients: settings.BRIDGE_CLIENTS,
      upstreams,
      store,
      log,
      fetch: createSafeFetch({ allowedHosts: settings.BRIDGE_ALLOWED_HOSTS }),
      proxies: settings.BRIDGE_PROXIES,
    })
    const serving = await serve(app, { port: settings.BRIDGE_PORT })
    log.info('listening', { issuer: settings.BRIDGE_ISSUER, kid: key.kid })
    return {
      stop: async () => {
        await serving.stop()
        await store.close()
      },
    }
  },
})
