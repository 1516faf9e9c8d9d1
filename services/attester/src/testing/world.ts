import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { issuerKeyId, observationTypedData, readIssuerKey, toObservation } from '@rekey/sdk/oidc'
import { createLog, OutboundError, type SafeFetch, type Store } from '@rekey/service-kit'
import { type Address, decodeFunctionData, type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type AttesterParameters, createRound } from '../attester.ts'
import type { ChainRegistry, KeyState, RegistryTerms } from '../chain/registry.ts'
import { type Alarm, createAlarms } from '../store/alarms.ts'

/** Attesters of a registry, ascending, and somebody who is none. */
export const [self, second, third, stranger] = accounts() as [Account, Account, Account, Account]
export type Account = ReturnType<typeof privateKeyToAccount>

export const registry: Address = '0x00000000000000000000000000000000000000aa'
export const issuer = 'https://issuer.example'
export const jwksUri = `${issuer}/jwks`
export const interval = 60
/** The turn of `self`, and the beginning of an interval. */
export const start = 1_800_000_000
export const peers = { second: 'https://second.example', third: 'https://third.example' } as const

function accounts(): readonly Account[] {
  const made = ['a', 'b', 'c'].map((name) => privateKeyToAccount(keccak256(stringToHex(name))))
  const ascending = made.toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
  return [...ascending, privateKeyToAccount(keccak256(stringToHex('stranger')))]
}

/** A key as an issuer shows it. */
export function createKey(kid: string) {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk: JsonWebKey = { ...publicKey.export({ format: 'jwk' }), kid }
  return { kid, jwk, key: readIssuerKey(jwk) }
}
export type Key = ReturnType<typeof createKey>

/** What an attester signed, as its peers see it. */
export async function signedBy(
  account: Account,
  { kid, key }: Key,
  { observedAt = start, at = registry }: { observedAt?: number; at?: Address } = {},
) {
  const { algorithm: _, ...observation } = toObservation(issuer, kid, key, observedAt)
  const typedData = observationTypedData(at, toObservation(issuer, kid, key, observedAt))
  return { ...observation, signature: await account.signTypedData(typedData) }
}

/** A chain that takes whatever is sent, as the registry would, or fails as it is told. */
export function createChain(chainId: number, terms: RegistryTerms) {
  const states = new Map<Hex, KeyState>()
  const nothing = { keyHash: zeroHash, activeFrom: 0, lastSeen: 0, suspendedUntil: 0, revoked: false }
  const chain = {
    sent: [] as { readonly kid: string; readonly signatures: readonly Hex[] }[],
    /** Thrown by whatever is asked of it. */
    down: undefined as unknown,
    /** Thrown instead of taking something. */
    refusal: undefined as unknown,
    states,
    chainId,
    terms: async () => answer(terms),
    keyState: async (keyId: Hex) => answer(states.get(keyId) ?? nothing),
    time: async () => answer(start),
    send: async (data: Hex): Promise<Hex> => {
      if (chain.refusal !== undefined) throw chain.refusal
      const { functionName, args } = decodeFunctionData({ abi: oidcKeyRegistryAbi, data })
      if (functionName !== 'observe') throw new Error(`${functionName} was sent.`)
      const [observation, , signatures] = args
      chain.sent.push({ kid: observation.kid, signatures })
      const { keyHash, observedAt: lastSeen } = observation
      states.set(issuerKeyId(observation.issuer, observation.kid), { ...nothing, keyHash, lastSeen })
      return answer(zeroHash)
    },
  } satisfies ChainRegistry & Record<string, unknown>
  function answer<value>(value: value): value {
    if (chain.down !== undefined) throw chain.down
    return value
  }
  return chain
}

/** One attester, with issuers, peers, chains and a clock that a test moves. */
export function createWorld(store: Store, changes: Partial<AttesterParameters> = {}) {
  const pages = new Map<string, string>()
  const terms = { attesters: [self, second, third].map(({ address }) => address), quorum: 2 }
  const chains = [createChain(1, terms), createChain(2, terms)] as const
  const world = { time: start }
  const now = (): number => world.time
  const log = createLog({ service: 'test', write: () => {} })
  const alarms = createAlarms(store, log, now)
  const get: SafeFetch = async (url) => {
    const text = pages.get(url)
    if (text === undefined) throw new OutboundError('unreachable', url)
    return { status: 200, headers: {}, text }
  }
  const round = createRound({
    signer: self,
    registry,
    chains,
    issuers: [{ issuer, jwksUri }],
    peers: Object.values(peers),
    quorum: 2,
    interval,
    refresh: 1_000,
    store,
    alarms,
    log,
    get,
    now,
    ...changes,
  })
  return {
    chains,
    round,
    pages,
    show: (...keys: readonly Key[]) => void pages.set(jwksUri, JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })),
    peer: (name: keyof typeof peers, observations: unknown) =>
      void pages.set(`${peers[name]}/observations`, JSON.stringify({ observations })),
    sent: () => chains.map(({ sent }) => sent.map(({ kid }) => kid)),
    /** To the same second of another interval in which it is this attester's turn. */
    pass: (seconds: number) => {
      world.time += seconds
    },
    openAlarms: async () =>
      (await alarms.list())
        .filter(({ ended }: Alarm) => ended === null)
        .map(({ code, subject }) => `${code} ${subject}`),
  }
}
