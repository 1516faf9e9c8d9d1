import type { Clock } from '../clock.ts'
import type { Shown } from '../observation.ts'
import { settleAll } from '../settleAll.ts'
import type { SignInProvider } from '../stackFile.ts'
import type { LocalKey } from './issuerKey.ts'
import type { StandIn } from './standIn.ts'
import { type LocalBridge, prepareBridge } from './startBridge.ts'
import { type LocalGoogle, prepareGoogle } from './startGoogle.ts'

/** Those who say who somebody is on a local stack, for tests that take them down, change their keys or their people. */
export type OpenId = {
  readonly google: LocalGoogle
  /** Issues tokens for X and GitHub. */
  readonly bridge: LocalBridge
  readonly x: StandIn
  readonly github: StandIn
  /** Has the attesters tell every chain which keys sign now; new ones can be used two days later. */
  readonly observe: () => Promise<void>
}

/** What an issuer of the stack publishes. */
export type IssuerKeyShown = Omit<Shown, 'observedAt'>

export type RunningOpenId = Omit<OpenId, 'observe'> & {
  readonly shown: () => readonly IssuerKeyShown[]
  readonly signIn: readonly SignInProvider[]
  /** Rejects when one of them ends by itself; never resolves. */
  readonly failed: Promise<never>
  readonly join: (clock: Clock) => void
}

export type PreparedOpenId = {
  /** What registries have to know before anyone can sign in. */
  readonly shown: readonly IssuerKeyShown[]
  readonly run: (redirectUris: readonly string[]) => Promise<RunningOpenId>
}

const CLIENT_ID = '271828182845-rekey0local0stack.apps.googleusercontent.com'
const CODE_CLIENT_ID = '271828182845-rekey0local0code.apps.googleusercontent.com'
const BRIDGE_CLIENT_ID = 'rekey-local'

/** Takes addresses for the issuers and makes their keys. */
export async function prepareOpenId(directory: string, closers: (() => Promise<void>)[]): Promise<PreparedOpenId> {
  const [google, bridge] = await settleAll([prepareGoogle(directory, closers), prepareBridge(directory, closers)])
  return {
    shown: [shownBy(google.issuer, google.key), shownBy(bridge.issuer, bridge.key)],
    run: async (redirectUris) => {
      const runningBridge = bridge.run({ id: BRIDGE_CLIENT_ID, redirectUris })
      const localGoogle = await google.run([
        { clientId: CLIENT_ID, redirectUris, responseType: 'id_token' },
        { clientId: CODE_CLIENT_ID, redirectUris, responseType: 'code' },
      ])
      return {
        google: localGoogle,
        bridge,
        x: bridge.x,
        github: bridge.github,
        shown: () => [shownBy(google.issuer, localGoogle.currentKey()), shownBy(bridge.issuer, bridge.key)],
        signIn: [
          {
            id: 'google',
            name: 'Google',
            issuer: google.issuer,
            clientId: CLIENT_ID,
            authorizationEndpoint: `${google.issuer}/o/oauth2/v2/auth`,
            jwksUri: `${google.issuer}/oauth2/v3/certs`,
            responseType: 'id_token',
          },
          bridged('x', 'X', bridge.issuer),
          bridged('github', 'GitHub', bridge.issuer),
        ],
        failed: Promise.race([localGoogle.process.failed, runningBridge.failed]),
        join: (clock) => {
          clock.join(localGoogle.setClockOffset)
          clock.join(runningBridge.setClockOffset)
        },
      }
    },
  }
}

function bridged(id: 'x' | 'github', name: string, issuer: string): SignInProvider {
  return {
    id,
    name,
    issuer,
    clientId: BRIDGE_CLIENT_ID,
    authorizationEndpoint: `${issuer}/authorize?provider=${id}`,
    jwksUri: `${issuer}/jwks`,
    responseType: 'id_token',
  }
}

/** A key as attesters see it. */
function shownBy(issuer: string, { kid, key }: LocalKey): IssuerKeyShown {
  return { issuer, kid, key }
}
