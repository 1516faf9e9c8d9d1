import { toObservation } from '@rekey/sdk/oidc'
import type { Log, SafeFetch, Store } from '@rekey/service-kit'
import type { Address } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { ChainRegistry, RegistryTerms } from './chain/registry.ts'
import { isTurnOf, submitAll } from './chain/submit.ts'
import { findQuorum, type Quorum, signObservation, slotOf, sweep } from './exchange/observations.ts'
import { readPeer } from './exchange/readPeer.ts'
import type { WatchedIssuer } from './settings.ts'
import type { Alarms } from './store/alarms.ts'
import type { ShownKey } from './watch/readJwks.ts'
import { watchIssuer } from './watch/watchIssuer.ts'

export type AttesterParameters = {
  readonly signer: PrivateKeyAccount
  readonly registry: Address
  readonly chains: readonly ChainRegistry[]
  readonly issuers: readonly WatchedIssuer[]
  readonly peers: readonly string[]
  readonly quorum: number
  /** Seconds, as all times. */
  readonly interval: number
  readonly refresh: number
  readonly store: Store
  readonly alarms: Alarms
  readonly log: Log
  readonly get: SafeFetch
  readonly now: () => number
}

/** Looks, signs, asks the others, delivers: once. Whatever fails is told, and does not keep the rest from being done. */
export type Round = () => Promise<void>

const SILENT_INTERVALS = 3

export function createRound(parameters: AttesterParameters): Round {
  const { signer, registry, chains, issuers, peers, interval, store, alarms, log, now } = parameters
  /** What each issuer shows, and in which slot it was looked at. */
  const seen = new Map<string, readonly ShownKey[]>()
  const looked = new Map<string, number>()
  const known = new Map<ChainRegistry, RegistryTerms>()

  const look = async (watched: WatchedIssuer): Promise<void> => {
    const slot = slotOf(now(), interval)
    if (looked.get(watched.issuer) === slot) return
    const watch = { ...parameters, silentAfter: SILENT_INTERVALS * interval }
    const shown = await watchIssuer(watch, watched)
    seen.set(watched.issuer, shown ?? [])
    if (shown === undefined) return
    looked.set(watched.issuer, slot)
    for (const { kid, key } of shown)
      await signObservation(store, signer, registry, toObservation(watched.issuer, kid, key, slot))
  }

  const learnTerms = async (chain: ChainRegistry): Promise<void> => {
    const subject = `chain ${chain.chainId}`
    try {
      const terms = known.get(chain) ?? (await chain.terms())
      const problem = differenceOf(terms, parameters)
      if (problem !== undefined) return await alarms.raise('REGISTRY_DIFFERS', subject, problem)
      known.set(chain, terms)
      await alarms.end(['REGISTRY_DIFFERS'], subject)
    } catch (error) {
      await silent(chain, error)
    }
  }

  const silent = async (chain: ChainRegistry, error: unknown): Promise<void> => {
    log.warn('chain not told', { chainId: chain.chainId, error })
    await alarms.raise('CHAIN_SILENT', `chain ${chain.chainId}`, 'It could not be asked or told.')
  }

  const collect = async (): Promise<readonly Quorum[]> => {
    const found = [...seen].flatMap(([issuer, keys]) =>
      keys.map((shown) =>
        findQuorum(store, {
          issuer,
          shown,
          toObservation: (time) => toObservation(issuer, shown.kid, shown.key, time),
          quorum: parameters.quorum,
          now: now(),
        }),
      ),
    )
    return (await Promise.all(found)).filter((one) => one !== undefined)
  }

  const deliver = async (chain: ChainRegistry, quorums: readonly Quorum[]): Promise<void> => {
    const terms = known.get(chain)
    if (terms === undefined) return
    const isOn = (): boolean => isTurnOf(signer.address, terms.attesters, now(), interval)
    try {
      await submitAll(parameters, { chain, isOn }, quorums)
      await alarms.end(['CHAIN_SILENT'], `chain ${chain.chainId}`)
    } catch (error) {
      await silent(chain, error)
    }
  }

  return async () => {
    await Promise.all([...issuers.map(look), ...chains.map(learnTerms)])
    const attesters = new Set([...known.values()].flatMap((terms) => terms.attesters))
    attesters.delete(signer.address)
    if (attesters.size > 0)
      await Promise.all(peers.map((peer) => readPeer({ ...parameters, others: attesters, seen }, peer)))
    const quorums = await collect()
    await Promise.all(chains.map((chain) => deliver(chain, quorums)))
    await sweep(store, now())
  }
}

/** How a registry is another one than the settings describe. */
function differenceOf({ attesters, quorum }: RegistryTerms, parameters: AttesterParameters): string | undefined {
  if (!attesters.includes(parameters.signer.address)) return 'This attester is none of its attesters.'
  if (quorum !== parameters.quorum) return `It wants ${quorum} attesters, the settings say ${parameters.quorum}.`
  return undefined
}
