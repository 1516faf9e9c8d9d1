import { type Address, type Chain, type Client, createClient, type Transport } from 'viem'
import { type BundlerClient, createBundlerClient } from 'viem/account-abstraction'
import { ChainNotConfiguredError } from '../errors/chain.ts'
import { EncodingError } from '../errors/encoding.ts'
import { type CredentialsContainerLike, expectedOrigins } from '../webauthn/ceremony.ts'
import type { SeenPasskey } from '../webauthn/passkeyNote.ts'
import { defaultContracts } from './contracts.generated.ts'
import type { Contracts } from './contracts.ts'
import type { Relay } from './relay.ts'

/** How one chain is reached. */
export type ChainConfig = {
  readonly chain: Chain
  readonly rpc: Transport
  /** Needed to send userOps. */
  readonly bundler?: Transport | undefined
  /** Needed to deliver what guardians and owners signed. Default: the config's relay. */
  readonly relay?: Relay | undefined
  /** First block to look for events in: that of the contracts' deployment. Default: the first block. */
  readonly fromBlock?: bigint | undefined
  /** Milliseconds between two questions to node or bundler. Default: viem's, by the chain's block time. */
  readonly pollingInterval?: number | undefined
}

/** One chain, ready to use. */
export type ConfiguredChain = {
  readonly id: number
  readonly client: Client<Transport, Chain, undefined>
  readonly bundler: BundlerClient<Transport, Chain> | undefined
  readonly relay: Relay | undefined
  readonly fromBlock: bigint
}

/** What every action starts from. */
export type RekeyConfig = {
  readonly rpId: string
  readonly rpName: string
  /** Origins that new passkeys may be used at, in the order in which the contracts hash them. */
  readonly origins: readonly string[]
  readonly contracts: Contracts
  readonly chains: readonly ConfiguredChain[]
  readonly credentials: CredentialsContainerLike | undefined
  readonly onPasskeySeen: ((passkey: SeenPasskey) => void) | undefined
  readonly resolveName: ResolveName | undefined
}

/** Says which account has a name; `undefined` when none has. */
export type ResolveName = (
  name: string,
  options: { readonly signal: AbortSignal | undefined },
) => Promise<Address | undefined>

/** What {@link createConfig} takes. */
export type CreateConfigParameters = {
  /** Relying party id: the page's domain or a parent of it. */
  rpId: string
  /** Name of the relying party as shown by browsers. */
  rpName: string
  /** One to four origins that passkeys may be used at. Default: the origin of this page. */
  origins?: readonly string[] | undefined
  chains: readonly ChainConfig[]
  /** Where the contracts are. Default: where this release of them is on every chain. */
  contracts?: Contracts | undefined
  /** Relay of all chains that have none of their own. */
  relay?: Relay | undefined
  /** Stands in for `navigator.credentials`; a software authenticator in Node. */
  credentials?: CredentialsContainerLike | undefined
  /** Told of every passkey that is created or answers: for its name, and for whether it is synced. It must not throw. */
  onPasskeySeen?: ((passkey: SeenPasskey) => void) | undefined
  /** Finds accounts by name: a service, ENS. It is believed in nothing but the address, which is shown with the name. */
  resolveName?: ResolveName | undefined
}

/**
 * Describes relying party, chains and contracts once for all actions. It sends nothing.
 *
 * @throws {EncodingError} when there is no chain, a chain is named twice, or the origins are unknown.
 * @example
 * const config = createConfig({
 *   rpId: 'example.com',
 *   rpName: 'Example',
 *   chains: [{ chain: base, rpc: http(), bundler: http(bundlerUrl) }],
 *   relay: httpRelay('https://relay.example.com'),
 * })
 */
export function createConfig(parameters: CreateConfigParameters): RekeyConfig {
  const {
    rpId,
    rpName,
    chains,
    relay,
    credentials,
    onPasskeySeen,
    resolveName,
    contracts = defaultContracts,
  } = parameters
  const origins = expectedOrigins(parameters.origins)
  if (origins.length === 0 || origins.length > 4)
    throw new EncodingError('config', `it has ${origins.length} origins, not 1 to 4`)
  if (chains.length === 0) throw new EncodingError('config', 'it has no chain')
  if (new Set(chains.map(({ chain }) => chain.id)).size !== chains.length)
    throw new EncodingError('config', 'it names a chain twice')
  return {
    rpId,
    rpName,
    origins,
    contracts,
    chains: chains.map((chain) => configureChain(chain, relay)),
    credentials,
    onPasskeySeen,
    resolveName,
  }
}

/**
 * Returns the chain with this id.
 *
 * @throws {ChainNotConfiguredError} when the config does not have it.
 */
export function getChain({ chains }: Pick<RekeyConfig, 'chains'>, chainId: number): ConfiguredChain {
  const chain = chains.find(({ id }) => id === chainId)
  if (!chain) throw new ChainNotConfiguredError(chainId)
  return chain
}

/**
 * Returns the chains with these ids, or all.
 *
 * @throws {ChainNotConfiguredError} when the config does not have one of them.
 */
export function selectChains(
  config: Pick<RekeyConfig, 'chains'>,
  chainIds: readonly number[] | undefined,
): readonly ConfiguredChain[] {
  return chainIds ? chainIds.map((chainId) => getChain(config, chainId)) : config.chains
}

function configureChain(config: ChainConfig, commonRelay: Relay | undefined): ConfiguredChain {
  const { chain, rpc, bundler, relay = commonRelay, fromBlock = 0n, pollingInterval } = config
  const polling = pollingInterval === undefined ? {} : { pollingInterval }
  const client = createClient({ chain, transport: rpc, ...polling })
  return {
    id: chain.id,
    client,
    bundler: bundler && createBundlerClient({ chain, transport: bundler, client, ...polling }),
    relay,
    fromBlock,
  }
}
