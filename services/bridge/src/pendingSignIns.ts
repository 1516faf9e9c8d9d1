import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Migration, Store } from '@rekey/service-kit'
import type { Authorization } from './authorization.ts'
import type { ProviderId } from './providers.ts'

/** A sign-in that has gone to a provider, as the browser and the provider carry it. */
export type Departure = {
  /** For the provider; it comes back with the user. */
  readonly state: string
  /** For the browser; it never leaves it but to here. */
  readonly browserSecret: string
}

export type PendingSignIns = {
  readonly begin: (authorization: Authorization) => Promise<Departure>
  /** What was asked, once: undefined for what was not begun, is over, or began in another browser. */
  readonly finish: (provider: ProviderId, departure: Departure) => Promise<Authorization | undefined>
}

/** Seconds from here to the provider and back. */
export const pendingLife = 600

export const pendingMigration: Migration = {
  name: 'pending sign-ins',
  statements: [
    `CREATE TABLE pending_sign_ins (
      state_hash text PRIMARY KEY, browser_hash text NOT NULL, ends bigint NOT NULL,
      provider text NOT NULL, client text NOT NULL, redirect_uri text NOT NULL, state text NOT NULL, nonce text NOT NULL
    )`,
    'CREATE INDEX pending_sign_ins_ends ON pending_sign_ins (ends)',
  ],
}

type PendingRow = {
  readonly ends: number
  readonly provider: ProviderId
  readonly client: string
  readonly redirect_uri: string
  readonly state: string
  readonly nonce: string
}

/** Keeps sign-ins under way. Only hashes of what proves them are kept: who reads the database can finish none. */
export function createPendingSignIns(store: Store, now: () => number): PendingSignIns {
  return {
    begin: async ({ provider, client, redirectUri, state: appState, nonce }) => {
      const [state, browserSecret] = [randomText(), randomText()]
      await store.query('DELETE FROM pending_sign_ins WHERE ends <= $1', [now()])
      await store.query('INSERT INTO pending_sign_ins VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
        hashOf(state),
        hashOf(browserSecret),
        now() + pendingLife,
        provider,
        client,
        redirectUri,
        appState,
        nonce,
      ])
      return { state, browserSecret }
    },
    finish: async (provider, { state, browserSecret }) => {
      const [row] = await store.query<PendingRow>(
        `DELETE FROM pending_sign_ins WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3
        RETURNING ends, provider, client, redirect_uri, state, nonce`,
        [hashOf(state), hashOf(browserSecret), provider],
      )
      if (row === undefined || row.ends <= now()) return undefined
      const { client, redirect_uri: redirectUri, state: appState, nonce } = row
      return { provider: row.provider, client, redirectUri, state: appState, nonce }
    },
  }
}

/** The PKCE verifier of a sign-in (RFC 7636): known to nobody who does not have the browser's cookie. */
export function codeVerifierOf({ state, browserSecret }: Departure): string {
  return createHmac('sha256', browserSecret).update(state).digest('base64url')
}

function randomText(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
