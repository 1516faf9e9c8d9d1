import { type Address, type Hex, zeroHash } from 'viem'
import { getContractEvents } from 'viem/actions'
import { oidcKeyRegistryAbi } from '../abis/used.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import { ask, readTogether } from '../config/readTogether.ts'
import { type BaseError, isRekeyError } from '../errors/base.ts'
import type { IssuerKeyState } from '../errors/oidc.ts'
import type { IssuerFetchOptions } from './fetchJson.ts'
import { parseIdToken } from './idToken.ts'
import { type IssuerKey, issuerKeyHash, issuerKeyId, oidcAlgorithms } from './issuerKey.ts'
import { findSigningKey } from './jwks.ts'
import { readJwks } from './readJwks.ts'

/** How a key stands on one chain. */
export type ChainIssuerKey = {
  readonly chainId: number
  /** Absent when the chain did not answer. */
  readonly state?: IssuerKeyState | undefined
  /** When the state ends that only time ends: `waiting` or `suspended`. Unix time in seconds. */
  readonly activeFrom?: number | undefined
  readonly error?: BaseError | undefined
}

/** The key that a token names. */
export type FoundIssuerKey = {
  /** Absent when neither the registry nor the issuer shows it. */
  readonly key?: IssuerKey | undefined
  /** The worst of all chains that answered; `usable` means on all of these. */
  readonly state: IssuerKeyState
  /** When it is usable on all chains on which only time is missing. Unix time in seconds. */
  readonly activeFrom?: number | undefined
  readonly chains: readonly ChainIssuerKey[]
}

/** What {@link findIssuerKey} takes. */
export type FindIssuerKeyParameters = IssuerFetchOptions & {
  /** OidcKeyRegistry, at the same address on every chain. */
  readonly registry: Address
  /** The ID token whose key is looked for. */
  readonly token: string
  /** The issuer's own list of keys, asked when no chain shows the key itself; it is believed in what the registries know. */
  readonly jwksUri?: string | undefined
}

/** What a registry says, before the key itself is known. */
type Known = {
  readonly state: IssuerKeyState
  readonly activeFrom?: number | undefined
  readonly keyHash: Hex
  readonly key?: IssuerKey | undefined
}

/** From best to worst. */
const states: readonly IssuerKeyState[] = ['usable', 'waiting', 'suspended', 'old', 'unknown', 'revoked']

/**
 * Finds the issuer's key that signed a token, in the events of the registry, and how it stands on every chain. No service is
 * asked; a chain that does not answer hides no other. One or two requests per chain.
 *
 * @throws {InvalidIdTokenError}
 * @throws {ChainUnreachableError} and the like when no chain answers at all.
 * @example
 * const { key, state, activeFrom } = await findIssuerKey(config, { registry, token })
 * @see SPEC §10, OidcKeyRegistry
 */
export async function findIssuerKey(
  { chains }: Pick<RekeyConfig, 'chains'>,
  { registry, token, jwksUri, signal, ...options }: FindIssuerKeyParameters,
): Promise<FoundIssuerKey> {
  const { issuer, kid = '' } = parseIdToken(token)
  const keyId = issuerKeyId(issuer, kid)
  const answers = await readFromChains(chains, (chain) => readKey(chain, registry, keyId), signal)
  const known = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  const [first] = answers
  if (known.length === 0 && first && 'error' in first) throw first.error
  const hashes = known.map(({ keyHash }) => keyHash).filter((hash) => hash !== zeroHash)
  const shown = known.find(({ key }) => key)?.key
  const key =
    shown ?? (jwksUri === undefined ? undefined : await askIssuer(jwksUri, token, hashes, { ...options, signal }))
  const hash = key ? issuerKeyHash(key) : hashes[0]
  const perChain = answers.map((answer): ChainIssuerKey => {
    const { id: chainId } = answer.chain
    if ('error' in answer) return { chainId, error: answer.error }
    const { state, activeFrom, keyHash } = answer.value
    // A chain on which another key has this name does not know this one.
    if (keyHash !== hash && state !== 'revoked') return { chainId, state: 'unknown' }
    return activeFrom === undefined ? { chainId, state } : { chainId, state, activeFrom }
  })
  const worst = Math.max(...perChain.map(({ state }) => (state ? states.indexOf(state) : 0)))
  const times = perChain.flatMap(({ activeFrom = [] }) => activeFrom)
  return {
    ...(key && { key }),
    state: states[worst] ?? 'unknown',
    ...(times.length > 0 && { activeFrom: Math.max(...times) }),
    chains: perChain,
  }
}

/** Reads what a registry says of a key, and the key from the event that brought it. */
async function readKey(chain: ConfiguredChain, registry: Address, keyId: Hex): Promise<Known> {
  const question = { address: registry, abi: oidcKeyRegistryAbi, args: [keyId] } as const
  const { now, known, usable } = await readTogether(chain, {
    known: ask({ ...question, functionName: 'keyState' }),
    usable: ask({ ...question, functionName: 'usableKey' }),
  })
  const { keyHash, activeFrom, suspendedUntil, revoked } = known
  const until = Math.max(activeFrom, suspendedUntil)
  const judge = (): Pick<Known, 'state' | 'activeFrom'> => {
    if (revoked) return { state: 'revoked' }
    if (keyHash === zeroHash) return { state: 'unknown' }
    if (usable === keyHash) return { state: 'usable' }
    if (suspendedUntil > now) return { state: 'suspended', activeFrom: until }
    return activeFrom > now ? { state: 'waiting', activeFrom } : { state: 'old' }
  }
  const key = keyHash === zeroHash ? undefined : await readShownKey(chain, registry, keyId, keyHash)
  return { ...judge(), keyHash, ...(key && { key }) }
}

/** The key itself; whoever serves the event cannot make up another, as the registry keeps its hash. */
async function readShownKey(
  chain: ConfiguredChain,
  registry: Address,
  keyId: Hex,
  keyHash: Hex,
): Promise<IssuerKey | undefined> {
  const events = await readEvents(chain, (range) =>
    getContractEvents(chain.client, {
      address: registry,
      abi: oidcKeyRegistryAbi,
      eventName: 'KeyAdded',
      args: { keyId },
      strict: true,
      ...range,
    }),
  )
  for (const { args } of events) {
    const algorithm = args.algorithm === oidcAlgorithms.RS256 ? 'RS256' : 'ES256'
    const key: IssuerKey = { algorithm, key: args.key }
    if (issuerKeyHash(key) === keyHash) return key
  }
  return undefined
}

/** Asks the issuer; where a registry knows the name, only the key that it knows. A silent issuer hides no registry. */
async function askIssuer(
  jwksUri: string,
  token: string,
  hashes: readonly Hex[],
  options: IssuerFetchOptions,
): Promise<IssuerKey | undefined> {
  try {
    const key = findSigningKey(await readJwks(jwksUri, options), token)
    return hashes.length === 0 || hashes.includes(issuerKeyHash(key)) ? key : undefined
  } catch (error) {
    if (isRekeyError(error, 'OIDC_ISSUER_UNREACHABLE') || isRekeyError(error, 'OIDC_KEY_UNSUPPORTED')) return undefined
    throw error
  }
}
