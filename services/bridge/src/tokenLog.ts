import { createHash, randomBytes } from 'node:crypto'
import type { Migration, Store } from '@rekey/service-kit'
import type { ProviderId } from './providers.ts'

/** What is written of each token before it is given out. */
export type TokenRecord = {
  /** Unix time in seconds. */
  readonly time: number
  readonly provider: ProviderId
  readonly client: string
  readonly nonce: string
  /** Of the person: see {@link commitTo}. */
  readonly commitment: string
}

/** A record in its place. */
export type LogEntry = TokenRecord & {
  /** 1, 2, 3, … */
  readonly number: number
  /** Hash of the entry before; 64 zeros before the first. */
  readonly previous: string
  /** SHA-256 of the lines number, time, provider, client, nonce, commitment, previous. */
  readonly hash: string
}

export type TokenLog = {
  readonly append: (record: Omit<TokenRecord, 'commitment'> & { readonly subject: string }) => Promise<LogEntry>
  /** Entries from a number on, at most {@link pageSize}. */
  readonly read: (from: number) => Promise<readonly LogEntry[]>
}

export const pageSize = 100
const GENESIS = '0'.repeat(64)
/** Any number: appends of several processes wait for each other. */
const LOCK = 7_201_955

/**
 * The database itself refuses what would change the past. Salts lie beside the log, not in it: they are not published,
 * and may be deleted.
 */
export const tokenLogMigration: Migration = {
  name: 'log of tokens',
  statements: [
    `CREATE TABLE token_log (
      number bigint PRIMARY KEY CHECK (number > 0), time bigint NOT NULL, provider text NOT NULL, client text NOT NULL,
      nonce text NOT NULL, commitment text NOT NULL, previous text NOT NULL, hash text NOT NULL UNIQUE
    )`,
    'CREATE TABLE token_log_salts (number bigint PRIMARY KEY REFERENCES token_log (number), salt text NOT NULL)',
    `CREATE FUNCTION refuse_token_log_change() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the log of tokens is append-only'; END $$`,
    `CREATE TRIGGER token_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_token_log_change()`,
    `CREATE FUNCTION check_token_log_entry() RETURNS trigger LANGUAGE plpgsql AS
      $$ DECLARE last token_log; BEGIN
        SELECT * INTO last FROM token_log ORDER BY number DESC LIMIT 1;
        IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous <> COALESCE(last.hash, repeat('0', 64))
          OR NEW.time < COALESCE(last.time, 0)
        THEN RAISE EXCEPTION 'the entry does not follow the last one'; END IF;
        RETURN NEW;
      END $$`,
    `CREATE TRIGGER token_log_entries_follow BEFORE INSERT ON token_log
      FOR EACH ROW EXECUTE FUNCTION check_token_log_entry()`,
  ],
}

/** Keeps the log: every token is in it before anyone has the token. */
export function createTokenLog(store: Store): TokenLog {
  return {
    append: ({ subject, ...given }) =>
      store.transaction(async ({ query }) => {
        await query('SELECT pg_advisory_xact_lock($1)', [LOCK])
        const [last] = await query<LogEntry>('SELECT number, time, hash FROM token_log ORDER BY number DESC LIMIT 1')
        const salt = randomBytes(32).toString('hex')
        const record = {
          ...given,
          // A clock that was set back does not bring the log out of order.
          time: Math.max(given.time, last?.time ?? 0),
          commitment: commitTo(subject, salt),
          number: (last?.number ?? 0) + 1,
          previous: last?.hash ?? GENESIS,
        }
        const entry: LogEntry = { ...record, hash: hashEntry(record) }
        const { number, time, provider, client, nonce, commitment, previous, hash } = entry
        await query('INSERT INTO token_log VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
          number,
          time,
          provider,
          client,
          nonce,
          commitment,
          previous,
          hash,
        ])
        await query('INSERT INTO token_log_salts VALUES ($1, $2)', [number, salt])
        return entry
      }),
    read: (from) =>
      store.query<LogEntry>(
        `SELECT number, time, provider, client, nonce, commitment, previous, hash
        FROM token_log WHERE number >= $1 ORDER BY number LIMIT $2`,
        [from, pageSize],
      ),
  }
}

/**
 * Commits to a person. Numbers of accounts are few enough to try them all, so a bare hash would name everybody; one salt
 * for all would show which entries are of one person, and all of them once one recovery is public. So each entry has a
 * salt of its own: it can be opened to its person, or to a court, without the others.
 */
export function commitTo(subject: string, salt: string): string {
  return createHash('sha256').update(`${salt}|${subject}`).digest('hex')
}

/** The hash by which the next entry fixes this one and all before. */
export function hashEntry(entry: Omit<LogEntry, 'hash'>): string {
  const { number, time, provider, client, nonce, commitment, previous } = entry
  const lines = [number, time, provider, client, nonce, commitment, previous]
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
