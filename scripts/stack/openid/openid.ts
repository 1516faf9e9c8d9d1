import type { Clock } from '../clock.ts'
import type { ManagedProcess } from '../managedProcess.ts'
import type { Shown } from '../observation.ts'
import type { SignInProvider } from '../stackFile.ts'
import type { LocalKey } from './issuerKey.ts'
import { type LocalGoogle, prepareGoogle } from './startGoogle.ts'

/** The issuers of a local stack, for tests that take them down or change their keys. */
export type OpenId = {
  readonly google: LocalGoogle
  /** Has the attesters tell every chain which keys sign now; new ones can be used two days later. */
  readonly observe: () => Promise<void>
}

/** What an issuer of the stack publishes. */
export type IssuerKeyShown = Omit<Shown, 'observedAt'>

export type RunningOpenId = {
  readonly google: LocalGoogle
  readonly shown: () => readonly IssuerKeyShown[]
  readonly signIn: readonly SignInProvider[]
  readonly processes: readonly ManagedProcess[]
  readonly join: (clock: Clock) => void
}

export type PreparedOpenId = {
  /** What registries have to know before anyone can sign in. */
  readonly shown: readonly IssuerKeyShown[]
  readonly run: (redirectUris: readonly string[]) => Promise<RunningOpenId>
}

const CLIENT_ID = '271828182845-rekey0local0stack.apps.googleusercontent.com'
const CODE_CLIENT_ID = '271828182845-rekey0local0code.apps.googleusercontent.com'

/** Takes addresses for the issuers and makes their keys. */
export async function prepareOpenId(directory: string, closers: (() => Promise<void>)[]): Promise<PreparedOpenId> {
  const google = await prepareGoogle(directory, closers)
  return {
    shown: [shownBy(google.issuer, google.key)],
    run: async (redirectUris) => {
      const running = await google.run([
        { clientId: CLIENT_ID, redirectUris, responseType: 'id_token' },
        { clientId: CODE_CLIENT_ID, redirectUris, responseType: 'code' },
      ])
      return {
        google: running,
        shown: () => [shownBy(google.issuer, running.currentKey())],
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
        ],
        processes: [running.process],
        join: (clock) => void clock.join(running.setClockOffset),
      }
    },
  }
}

/** A key as attesters see it. */
function shownBy(issuer: string, { kid, key }: LocalKey): IssuerKeyShown {
  return { issuer, kid, key }
}
