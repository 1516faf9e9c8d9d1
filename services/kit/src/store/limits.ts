import type { Migration } from './migrate.ts'
import type { Store } from './store.ts'

/** How often something may be done. */
export type Limit = {
  /** Counts of different names have nothing to do with each other. */
  readonly name: string
  readonly most: number
  /** Length of the window, in seconds. */
  readonly seconds: number
}

/** Whether it may be done now; if not, in how many seconds. */
export type Allowance = { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfter: number }

/** Counts one attempt of `who`. */
export type TakeAttempt = (limit: Limit, who: string) => Promise<Allowance>

/** Belongs among the migrations of every service that limits. */
export const limitMigration: Migration = {
  name: 'limits',
  statements: [
    `CREATE TABLE limits (
      name text NOT NULL, who text NOT NULL, ends bigint NOT NULL, count integer NOT NULL,
      PRIMARY KEY (name, who)
    )`,
    'CREATE INDEX limits_ends ON limits (ends)',
  ],
}

/**
 * Makes what counts attempts, in the database: a restart or a second process forgets nothing.
 *
 * @param now - Seconds since 1970. When it jumps back nobody waits longer than one window.
 */
export function createLimits(store: Store, now: () => number = () => Math.floor(Date.now() / 1000)): TakeAttempt {
  let swept = 0
  return async ({ name, most, seconds }, who) => {
    const time = now()
    if (time !== swept) {
      swept = time
      await store.query('DELETE FROM limits WHERE ends <= $1', [time])
    }
    const [row] = await store.query<{ remaining: number; count: number }>(
      `INSERT INTO limits (name, who, ends, count) VALUES ($1, $2, $4, 1)
      ON CONFLICT (name, who) DO UPDATE SET
        ends = CASE WHEN limits.ends <= $3 THEN $4 ELSE LEAST(limits.ends, $4) END,
        count = CASE WHEN limits.ends <= $3 THEN 1 ELSE LEAST(limits.count + 1, $5) END
      RETURNING ends - $3 AS remaining, count`,
      [name, who, time, time + seconds, most + 1],
    )
    if (row === undefined) throw new Error('A count was not written.')
    return row.count <= most ? { isAllowed: true } : { isAllowed: false, retryAfter: row.remaining }
  }
}
