import path from 'node:path'
import type { Clock } from '../clock.ts'
import { createDeferred } from '../deferred.ts'
import { startFollowing } from '../followingProcess.ts'
import type { ManagedProcess } from '../managedProcess.ts'
import { startTcpProxy } from '../tcpProxy.ts'
import type { GoogleClient, GoogleSettings } from './googleProvider.ts'
import { createLocalKey, type LocalKey } from './issuerKey.ts'

/** Who plays Google on a local stack. */
export type LocalGoogle = {
  readonly issuer: string
  readonly clients: readonly GoogleClient[]
  /** The key that signs now. */
  readonly currentKey: () => LocalKey
  /** Signs with a fresh key from now on. The one before stays published, as Google's does for some days. */
  readonly rotate: () => Promise<LocalKey>
  /** Its address refuses connections until `start`. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

export type PreparedGoogle = {
  readonly issuer: string
  readonly key: LocalKey
  /** Starts its process; what stops it is added to `closers`. */
  readonly run: (clients: readonly GoogleClient[]) => Promise<RunningGoogle>
}

export type RunningGoogle = LocalGoogle & {
  readonly process: ManagedProcess
  readonly setClockOffset: Parameters<Clock['join']>[0]
}

const SETTINGS_MS = 10_000

/** Takes an address and makes a key, which others have to know before the process can be up. */
export async function prepareGoogle(directory: string, closers: (() => Promise<void>)[]): Promise<PreparedGoogle> {
  const port = createDeferred<number>()
  const [proxy, firstKey] = await Promise.all([startTcpProxy(() => port.promise), createLocalKey('RS256')])
  closers.push(proxy.close)
  const issuer = `http://google.localhost:${proxy.port}`
  return {
    issuer,
    key: firstKey,
    run: async (clients) => {
      const script = path.join(import.meta.dirname, 'googleMain.ts')
      const program = await startFollowing({ name: 'openid-google', script, directory })
      closers.push(program.process.stop)
      let keys = [firstKey]
      let count = 0
      const apply = async (): Promise<void> => {
        count += 1
        const applied = program.process.waitForLine(new RegExp(`^settings ${count} are in force$`), SETTINGS_MS)
        const settings: GoogleSettings = { issuer, clients, keys: keys.map(({ privateJwk }) => privateJwk) }
        program.process.send(`settings ${JSON.stringify(settings)}`)
        await applied
      }
      await apply()
      port.resolve(program.port)
      return {
        issuer,
        clients,
        currentKey: () => keys[0] ?? firstKey,
        rotate: async () => {
          const key = await createLocalKey('RS256')
          keys = [key, ...keys.slice(0, 1)]
          await apply()
          return key
        },
        stop: proxy.close,
        start: proxy.open,
        process: program.process,
        setClockOffset: program.setClockOffset,
      }
    },
  }
}
