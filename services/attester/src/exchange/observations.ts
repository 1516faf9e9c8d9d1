import { type JwksObservation, observationTypedData } from '@rekey/sdk/oidc'
import type { Queryable } from '@rekey/service-kit'
import { type Address, type Hex, parseSignature, recoverTypedDataAddress } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { ShownKey } from '../watch/readJwks.ts'

/** An observation with one attester's signature. */
export type SignedObservation = {
  readonly issuer: string
  readonly kid: string
  readonly keyHash: Hex
  readonly observedAt: number
  readonly attester: Address
  readonly signature: Hex
}

/** Beyond this the registry takes an observation no more. */
export const MAX_AGE = 86_400

/**
 * The time that observations have: the beginning of the interval that they were made in, so that attesters who look at
 * different moments sign the same message.
 */
export function slotOf(now: number, interval: number): number {
  return now - (now % interval)
}

/** Signs for a key and keeps that; a key that was signed for in this slot is not signed for again. */
export async function signObservation(
  store: Queryable,
  attester: PrivateKeyAccount,
  registry: Address,
  observation: JwksObservation,
): Promise<void> {
  const { issuer, kid, keyHash, observedAt } = observation
  const known = await store.query(
    'SELECT 1 FROM observations WHERE issuer = $1 AND kid = $2 AND observed_at = $3 AND attester = $4',
    [issuer, kid, observedAt, attester.address],
  )
  if (known.length > 0) return
  const signature = await attester.signTypedData(observationTypedData(registry, observation))
  await keep(store, { issuer, kid, keyHash, observedAt, attester: attester.address, signature })
}

/** Half of the order of secp256k1. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Who signed an observation; `undefined` when the signature is none, or one that the registry would not take: with it
 * among them, those of a quorum would count for nothing.
 */
export async function signerOf(
  registry: Address,
  observation: JwksObservation,
  signature: Hex,
): Promise<Address | undefined> {
  try {
    const { s, v } = parseSignature(signature)
    if ((v !== 27n && v !== 28n) || BigInt(s) > HALF_ORDER) return undefined
    return await recoverTypedDataAddress({ ...observationTypedData(registry, observation), signature })
  } catch {
    return undefined
  }
}

export async function keep(store: Queryable, one: SignedObservation): Promise<void> {
  await store.query(
    `INSERT INTO observations (issuer, kid, key_hash, observed_at, attester, signature) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING`,
    [one.issuer, one.kid, one.keyHash, one.observedAt, one.attester, one.signature],
  )
}

/** What an attester signed since a time, newest first. */
export function listSigned(store: Queryable, attester: Address, since: number): Promise<readonly SignedObservation[]> {
  return store.query<SignedObservation>(
    `SELECT issuer, kid, key_hash AS "keyHash", observed_at AS "observedAt", attester, signature FROM observations
    WHERE attester = $1 AND observed_at >= $2 ORDER BY observed_at DESC, issuer, kid`,
    [attester, since],
  )
}

/** Forgets observations that the registry takes no more. */
export async function sweep(store: Queryable, now: number): Promise<void> {
  await store.query('DELETE FROM observations WHERE observed_at < $1', [now - 2 * MAX_AGE])
}

/** An observation that enough attesters signed. */
export type Quorum = {
  readonly observation: JwksObservation
  /** The key itself, which the registry wants beside its hash. */
  readonly key: Hex
  /** Exactly as many as it takes, ascending by attester. */
  readonly signatures: readonly Hex[]
}

/** The newest observation of a key that this attester sees and `quorum` signed alike; `undefined` when there is none. */
export async function findQuorum(
  store: Queryable,
  {
    issuer,
    shown: { kid, key },
    toObservation,
    quorum,
    now,
  }: {
    readonly issuer: string
    readonly shown: ShownKey
    readonly toObservation: (observedAt: number) => JwksObservation
    readonly quorum: number
    readonly now: number
  },
): Promise<Quorum | undefined> {
  const rows = await store.query<{ observed_at: number; attester: string; signature: Hex }>(
    `SELECT observed_at, attester, signature FROM observations
    WHERE issuer = $1 AND kid = $2 AND observed_at > $3 AND key_hash = $4 ORDER BY observed_at DESC`,
    [issuer, kid, now - MAX_AGE, toObservation(now).keyHash],
  )
  for (const time of new Set(rows.map((row) => row.observed_at))) {
    const alike = rows.filter((row) => row.observed_at === time)
    if (alike.length < quorum) continue
    const ascending = alike.toSorted((a, b) => (a.attester.toLowerCase() < b.attester.toLowerCase() ? -1 : 1))
    const signatures = ascending.slice(0, quorum).map(({ signature }) => signature)
    return { observation: toObservation(time), key: key.key, signatures }
  }
  return undefined
}
