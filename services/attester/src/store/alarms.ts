import type { Log, Queryable } from '@rekey/service-kit'

/** What somebody has to look at. */
export type AlarmCode =
  /** A key that an issuer showed is gone from its list. */
  | 'KEY_VANISHED'
  /** An issuer shows another key under a known name. */
  | 'KEY_CHANGED'
  /** Two keys of a list have one name; neither is signed for. */
  | 'KEY_DUPLICATE'
  /** A list has the private half of a key. */
  | 'KEY_EXPOSED'
  | 'LIST_EMPTY'
  /** What should be a list of keys is something else. */
  | 'LIST_UNREADABLE'
  | 'LIST_TOO_LARGE'
  /** An issuer could not be asked for three intervals. */
  | 'ISSUER_SILENT'
  /** A peer signed for another key, or for none that this attester sees. */
  | 'PEER_DIFFERS'
  /** What a peer answers is no list of observations, or not signed by an attester. */
  | 'PEER_UNREADABLE'
  | 'PEER_SILENT'
  | 'CHAIN_SILENT'
  /** A chain's registry is not the one that the settings describe. */
  | 'REGISTRY_DIFFERS'
  /** The registry refuses what a quorum signed. */
  | 'REGISTRY_REFUSES'

export type Alarm = {
  readonly code: AlarmCode
  readonly subject: string
  readonly detail: string
  /** Seconds since 1970, as all times. */
  readonly began: number
  readonly last: number
  readonly ended: number | null
}

export type Alarms = {
  /** Says once, in the log, that something is wrong, and keeps it until `end`. */
  readonly raise: (code: AlarmCode, subject: string, detail: string) => Promise<void>
  readonly end: (codes: readonly AlarmCode[], subject: string) => Promise<void>
  /** Open ones first, then those that ended, newest first. */
  readonly list: () => Promise<readonly Alarm[]>
}

const MOST_LISTED = 200

export function createAlarms(store: Queryable, log: Log, now: () => number): Alarms {
  return {
    async raise(code, subject, detail) {
      const [row] = await store.query<{ is_new: boolean }>(
        `INSERT INTO alarms (code, subject, detail, began, last) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (code, subject) WHERE ended IS NULL DO UPDATE SET last = $4
        RETURNING xmax = 0 AS is_new`,
        [code, subject, detail, now()],
      )
      if (row?.is_new) log.alarm('alarm', { alarm: code, about: subject, detail })
    },
    async end(codes, subject) {
      for (const code of codes) {
        const ended = await store.query(
          'UPDATE alarms SET ended = $3 WHERE code = $1 AND subject = $2 AND ended IS NULL RETURNING number',
          [code, subject, now()],
        )
        if (ended.length > 0) log.info('alarm over', { alarm: code, about: subject })
      }
    },
    list: () =>
      store.query<Alarm>(
        `SELECT code, subject, detail, began, last, ended FROM alarms
        ORDER BY ended IS NOT NULL, ended DESC, number DESC LIMIT ${MOST_LISTED}`,
      ),
  }
}
