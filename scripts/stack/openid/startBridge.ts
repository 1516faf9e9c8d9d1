import path from 'node:path'
import { createDeferred } from '../deferred.ts'
import { type FollowingProcess, startFollowing } from '../followingProcess.ts'
import { startTcpProxy } from '../tcpProxy.ts'
import { createLocalKey, type LocalKey } from './issuerKey.ts'
import type { StandIn, StandInClient } from './standIn.ts'
import { startGithub } from './standInGithub.ts'
import { startX } from './standInX.ts'

/** The bridge of a local stack. */
export type LocalBridge = {
  readonly issuer: string
  readonly key: LocalKey
  /** Starts its process now instead of at the first request, and waits until it listens. */
  readonly warmUp: () => Promise<void>
  /** Its address refuses connections until `start`. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

export type PreparedBridge = LocalBridge & {
  readonly x: StandIn
  readonly github: StandIn
  /** Says who may ask it. Its process starts when somebody first does: its database costs seconds that most do not need. */
  readonly run: (client: BridgeClient) => RunningBridge
}

type BridgeClient = { readonly id: string; readonly redirectUris: readonly string[] }

type RunningBridge = {
  readonly setClockOffset: (seconds: number) => Promise<void>
  /** Rejects when it does not start, or ends by itself. */
  readonly failed: Promise<never>
}

const script = path.resolve(import.meta.dirname, '../../../services/bridge/src/main.ts')

/** Takes an address, makes a key, and starts those who play X and GitHub. */
export async function prepareBridge(directory: string, closers: (() => Promise<void>)[]): Promise<PreparedBridge> {
  let offset = 0
  let program: Promise<FollowingProcess> | undefined
  const failed = createDeferred<never>()
  const client = createDeferred<BridgeClient>()
  const begin = async (): Promise<FollowingProcess> => {
    const environment = environmentOf({ issuer, key, x, github, client: await client.promise })
    const started = await startFollowing({ name: 'bridge', script, directory, environment })
    started.process.failed.catch(failed.reject)
    if (offset > 0) await started.setClockOffset(offset)
    return started
  }
  const first = async (): Promise<FollowingProcess> => {
    program ??= begin()
    program.catch(failed.reject)
    return program
  }
  const [proxy, key] = await Promise.all([startTcpProxy(async () => (await first()).port), createLocalKey('ES256')])
  const issuer = `http://bridge.localhost:${proxy.port}`
  closers.push(async () => {
    await proxy.close()
    await (await program?.catch(() => undefined))?.process.stop()
  })
  const [x, github] = await Promise.all([
    startX(() => clientAt('x', issuer), closers),
    startGithub(() => clientAt('github', issuer), closers),
  ])
  return {
    issuer,
    key,
    x,
    github,
    warmUp: async () => void (await first()),
    stop: proxy.close,
    start: proxy.open,
    run: (own) => {
      client.resolve(own)
      const setClockOffset = async (seconds: number): Promise<void> => {
        offset = seconds
        await (await program)?.setClockOffset(seconds)
      }
      return { setClockOffset, failed: failed.promise }
    },
  }
}

/** How the bridge is registered at a provider. */
function clientAt(id: 'x' | 'github', issuer: string): StandInClient {
  return { id: `local-bridge-at-${id}`, secret: `local secret at ${id}`, redirectUri: `${issuer}/callback/${id}` }
}

type Surroundings = Pick<PreparedBridge, 'issuer' | 'key' | 'x' | 'github'> & { readonly client: BridgeClient }

function environmentOf({ issuer, key, x, github, client }: Surroundings): Readonly<Record<string, string>> {
  const places = [issuer, ...client.redirectUris, x.origin, x.api, github.origin, github.api]
  return {
    BRIDGE_ISSUER: issuer,
    BRIDGE_PORT: '0',
    BRIDGE_DATABASE: 'memory:',
    BRIDGE_SIGNING_KEY: JSON.stringify(key.privateJwk),
    BRIDGE_CLIENTS: JSON.stringify([client]),
    BRIDGE_ALLOWED_HOSTS: places.map((place) => new URL(place).host).join(','),
    BRIDGE_X_CLIENT_ID: clientAt('x', issuer).id,
    BRIDGE_X_CLIENT_SECRET: clientAt('x', issuer).secret,
    BRIDGE_X_AUTHORIZATION_ENDPOINT: `${x.origin}/i/oauth2/authorize`,
    BRIDGE_X_TOKEN_ENDPOINT: `${x.api}/2/oauth2/token`,
    BRIDGE_X_USER_ENDPOINT: `${x.api}/2/users/me`,
    BRIDGE_GITHUB_CLIENT_ID: clientAt('github', issuer).id,
    BRIDGE_GITHUB_CLIENT_SECRET: clientAt('github', issuer).secret,
    BRIDGE_GITHUB_AUTHORIZATION_ENDPOINT: `${github.origin}/login/oauth/authorize`,
    BRIDGE_GITHUB_TOKEN_ENDPOINT: `${github.api}/login/oauth/access_token`,
    BRIDGE_GITHUB_USER_ENDPOINT: `${github.api}/user`,
  }
}
