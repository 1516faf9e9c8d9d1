import { type Log, OutboundError, type SafeFetch, type Store } from '@rekey/service-kit'
import type { WatchedIssuer } from '../settings.ts'
import type { AlarmCode, Alarms } from '../store/alarms.ts'
import { fetchJwks } from './fetchJwks.ts'
import { readJwks, type ShownKey } from './readJwks.ts'

export type Watch = {
  readonly store: Store
  readonly alarms: Alarms
  readonly log: Log
  readonly get: SafeFetch
  /** Seconds since 1970. */
  readonly now: () => number
  /** Seconds without an answer after which an issuer is called silent. */
  readonly silentAfter: number
}

const listAlarms: readonly AlarmCode[] = ['LIST_EMPTY', 'LIST_UNREADABLE', 'LIST_TOO_LARGE']

/**
 * Looks at an issuer once and remembers what it shows. Nothing is ever forgotten: an issuer that shows nothing, or
 * something else than keys, changes no key here and none on chain.
 *
 * @returns The keys to sign for: those it shows, except under names that meant another key before. `undefined` when there
 * was no list to read.
 */
export async function watchIssuer(watch: Watch, watched: WatchedIssuer): Promise<readonly ShownKey[] | undefined> {
  const { issuer } = watched
  const text = await askFor(watch, watched)
  if (text === undefined) return undefined
  const { keys, skipped, problems } = readJwks(text)
  watch.log.debug('list read', { issuer, keys: keys.map(({ kid }) => kid), skipped })
  for (const { code, kid, detail } of problems)
    await watch.alarms.raise(code, kid === undefined ? issuer : keyName(issuer, kid), detail)
  if (problems.some(({ kid }) => kid === undefined)) return undefined
  await watch.alarms.end(listAlarms, issuer)
  return remember(watch, issuer, keys, new Set(problems.map(({ kid }) => kid ?? '')))
}

/** What alarms call a key. */
export function keyName(issuer: string, kid: string): string {
  return `${issuer} ${kid}`
}

async function askFor(watch: Watch, watched: WatchedIssuer): Promise<string | undefined> {
  const { issuer } = watched
  try {
    const text = await fetchJwks(watch.get, watched)
    if (text !== undefined) {
      await looked(watch, issuer, true)
      return text
    }
    watch.log.warn('issuer refused', { issuer })
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const code = error.problem === 'size' ? 'LIST_TOO_LARGE' : error.problem === 'type' ? 'LIST_UNREADABLE' : undefined
    watch.log.warn('issuer not read', { issuer, error })
    if (code !== undefined) {
      await looked(watch, issuer, true)
      await watch.alarms.raise(code, issuer, error.shortMessage)
      return undefined
    }
  }
  await looked(watch, issuer, false)
  return undefined
}

/** Writes down that an issuer was asked, and calls it silent when it has not answered for long. */
async function looked({ store, alarms, now, silentAfter }: Watch, issuer: string, isAnswered: boolean): Promise<void> {
  const [row] = await store.query<{ succeeded: number }>(
    `INSERT INTO looks (issuer, tried, succeeded) VALUES ($1, $2, $2)
    ON CONFLICT (issuer) DO UPDATE SET tried = $2, succeeded = CASE WHEN $3 THEN $2 ELSE looks.succeeded END
    RETURNING succeeded`,
    [issuer, now(), isAnswered],
  )
  if (isAnswered) await alarms.end(['ISSUER_SILENT'], issuer)
  else if (now() - (row?.succeeded ?? 0) >= silentAfter)
    await alarms.raise('ISSUER_SILENT', issuer, 'It could not be asked for its keys for three intervals.')
}

async function remember(
  { store, alarms, now }: Watch,
  issuer: string,
  keys: readonly ShownKey[],
  /** Names that the list has, with something wrong about them. */
  troubled: ReadonlySet<string>,
): Promise<readonly ShownKey[]> {
  const good: ShownKey[] = []
  for (const shown of keys) {
    const { kid, key } = shown
    const [known] = await store.query<{ algorithm: string; key: string }>(
      `INSERT INTO keys (issuer, kid, algorithm, key, first_seen, last_seen, is_shown) VALUES ($1, $2, $3, $4, $5, $5, true)
      ON CONFLICT (issuer, kid) DO UPDATE SET
        last_seen = CASE WHEN keys.key = $4 THEN $5 ELSE keys.last_seen END, is_shown = true
      RETURNING algorithm, key`,
      [issuer, kid, key.algorithm, key.key, now()],
    )
    if (known?.key === key.key && known.algorithm === key.algorithm) {
      good.push(shown)
      await alarms.end(['KEY_CHANGED', 'KEY_VANISHED', 'KEY_DUPLICATE', 'KEY_EXPOSED'], keyName(issuer, kid))
    } else {
      await alarms.raise('KEY_CHANGED', keyName(issuer, kid), 'It shows another key under a name that it used before.')
    }
  }
  const shownNow = new Set([...keys.map(({ kid }) => kid), ...troubled])
  const before = await store.query<{ kid: string }>('SELECT kid FROM keys WHERE issuer = $1 AND is_shown', [issuer])
  for (const { kid } of before.filter((one) => !shownNow.has(one.kid))) {
    await store.query('UPDATE keys SET is_shown = false WHERE issuer = $1 AND kid = $2', [issuer, kid])
    await alarms.raise('KEY_VANISHED', keyName(issuer, kid), 'It is gone from the list. On chain it ages.')
  }
  return good
}
