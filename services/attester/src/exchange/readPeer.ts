import { type JwksObservation, toObservation } from '@rekey/sdk/oidc'
import { check, OutboundError, RequestError, type SafeFetch, type Store } from '@rekey/service-kit'
import * as v from 'valibot'
import type { Address, Hex } from 'viem'
import type { Alarms } from '../store/alarms.ts'
import type { ShownKey } from '../watch/readJwks.ts'
import { keyName } from '../watch/watchIssuer.ts'
import { keep, MAX_AGE, signerOf } from './observations.ts'

const MOST_OBSERVATIONS = 5_000

const hexOf = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`, 'i')),
    v.transform((value) => value as Hex),
  )

/** What a peer's `GET /observations` answers. */
const peerAnswer = v.object({
  observations: v.pipe(
    v.array(
      v.object({
        issuer: v.pipe(v.string(), v.maxLength(256)),
        kid: v.pipe(v.string(), v.maxLength(128)),
        keyHash: hexOf(32),
        observedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        signature: hexOf(65),
      }),
    ),
    v.maxLength(MOST_OBSERVATIONS),
  ),
})

export type PeerReading = {
  readonly store: Store
  readonly alarms: Alarms
  readonly get: SafeFetch
  readonly now: () => number
  readonly interval: number
  readonly registry: Address
  /** Who may sign, this attester not among them. */
  readonly others: ReadonlySet<string>
  /** What this attester sees now, by issuer. */
  readonly seen: ReadonlyMap<string, readonly ShownKey[]>
}

/**
 * Asks a peer what it signed, and keeps what is worth something: signatures of attesters over the very messages that
 * this attester would sign itself. All else is left, so that no peer can have this one help or pay for a key that
 * it does not see.
 */
export async function readPeer(reading: PeerReading, peer: string): Promise<void> {
  const { alarms, get, others } = reading
  try {
    const { status, text } = await get(`${peer.replace(/\/$/, '')}/observations`)
    if (status !== 200) return await alarms.raise('PEER_SILENT', peer, `It answers with status ${status}.`)
    await alarms.end(['PEER_SILENT'], peer)
    const { observations } = check(parse(text), peerAnswer)
    const known = await knownSignatures(reading)
    let isSigned = true
    let differs: string | undefined
    for (const { signature, ...rest } of observations) {
      // It was looked at in an earlier round.
      if (known.has(signature)) continue
      const verdict = await judge(reading, rest, signature, others)
      if (verdict === 'unsigned') isSigned = false
      if (verdict === 'differs') differs = keyName(rest.issuer, rest.kid)
    }
    if (isSigned) await alarms.end(['PEER_UNREADABLE'], peer)
    else await alarms.raise('PEER_UNREADABLE', peer, 'It shows observations that no other attester signed.')
    if (differs === undefined) await alarms.end(['PEER_DIFFERS'], peer)
    else await alarms.raise('PEER_DIFFERS', peer, `It signed for another key than is seen here: ${differs}.`)
  } catch (error) {
    if (error instanceof RequestError || isUnreadable(error))
      return await alarms.raise('PEER_UNREADABLE', peer, 'Its answer is no list of observations.')
    if (!(error instanceof OutboundError)) throw error
    await alarms.raise('PEER_SILENT', peer, error.shortMessage)
  }
}

async function knownSignatures({ store, now }: PeerReading): Promise<ReadonlySet<string>> {
  const rows = await store.query<{ signature: string }>('SELECT signature FROM observations WHERE observed_at > $1', [
    now() - MAX_AGE,
  ])
  return new Set(rows.map(({ signature }) => signature))
}

type Verdict = 'kept' | 'unsigned' | 'differs' | 'unknown'

async function judge(
  { store, now, interval, registry, seen }: PeerReading,
  { issuer, kid, keyHash, observedAt }: Omit<JwksObservation, 'algorithm'>,
  signature: Hex,
  others: ReadonlySet<string>,
): Promise<Verdict> {
  // Issuers that this attester does not watch, and times at which it would not have signed.
  const shown = seen.get(issuer)
  if (shown === undefined || shown.length === 0) return 'unknown'
  if (observedAt % interval !== 0 || observedAt > now() + interval || observedAt <= now() - MAX_AGE) return 'unknown'
  const own = shown.find((one) => one.kid === kid)
  // A key that is gone from the list, or is not here yet, was seen at another moment.
  if (own === undefined) return 'unknown'
  const observation = toObservation(issuer, kid, own.key, observedAt)
  if (observation.keyHash !== keyHash.toLowerCase()) return 'differs'
  const attester = await signerOf(registry, observation, signature)
  if (attester === undefined || !others.has(attester)) return 'unsigned'
  await keep(store, { issuer, kid, keyHash: observation.keyHash, observedAt, attester, signature })
  return 'kept'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof OutboundError && (error.problem === 'type' || error.problem === 'size')
}
