import { type Contracts, createConfig, defaultContracts, type RekeyConfig, type Relay } from '@rekey/sdk'
import type { RecoveryKit } from '@rekey/sdk/kit'
import type { CredentialsContainerLike } from '@rekey/sdk/webauthn'
import { type Chain, defineChain, getAddress, http, isAddress } from 'viem'
import { FileError, UsageError } from '../errors.ts'
import { readJson } from '../files/files.ts'
import type { Options } from '../io/arguments.ts'
import { keyParty } from '../keys/softwareKey.ts'

/** How chains are reached: the one thing that every command needs. */
export const nodeOptions = {
  rpc: { type: 'list', value: '<chain id>=<url>', help: 'a node; once for each chain' },
  config: { type: 'text', value: '<file>', help: 'JSON with the same: {"rpc": {"1": "https://…"}}' },
} as const satisfies Options

/** Nodes, and contracts where they are not those of this release. */
export type Nodes = {
  readonly urls: ReadonlyMap<number, string>
  readonly contracts: Contracts
}

/** Milliseconds between two questions whether a transaction is in. */
const pollingInterval = 1_000

/** @throws {UsageError} when no chain is named, or one twice. */
export async function readNodes(
  command: string,
  { rpc, config }: { rpc: readonly string[]; config: string | undefined },
): Promise<Nodes> {
  const file = config === undefined ? undefined : await readConfigFile(config)
  const urls = new Map([...(file?.urls ?? []), ...readUrls(command, 'rpc', rpc)])
  if (urls.size === 0)
    throw new UsageError('No chain is named.', {
      command,
      remedy: 'Give a node for each chain: --rpc 1=https://ethereum.example.com',
    })
  return { urls, contracts: file?.contracts ?? defaultContracts }
}

/** Reads what was given for an option that names a place for each chain. */
export function readUrls(command: string, option: 'rpc' | 'bundler', given: readonly string[]): Map<number, string> {
  const urls = new Map<number, string>()
  for (const text of given) {
    const [, digits = '', url = ''] = /^(\d{1,15})=(.+)$/.exec(text) ?? []
    const id = Number(digits)
    if (!isNodeUrl(url))
      throw new UsageError(`Option --${option} wants the id of a chain and the address of a ${services[option]}.`, {
        command,
        remedy: `For example: --${option} 1=https://ethereum.example.com`,
      })
    if (urls.has(id)) throw new UsageError(`Option --${option} names chain ${id} twice.`, { command })
    urls.set(id, url)
  }
  return urls
}

const services = { rpc: 'node', bundler: 'bundler' } as const

/** What a config is made of besides nodes. */
export type ConfigParts = {
  /** Signs for the new key, or the one that there is. */
  readonly credentials?: CredentialsContainerLike | undefined
  readonly party?: { readonly rpId: string; readonly origins: readonly string[] } | undefined
  readonly relay?: Relay | undefined
  /** Addresses of bundlers by chain id. */
  readonly bundlers?: ReadonlyMap<number, string> | undefined
  /** Names of chains, and where their events begin. */
  readonly kit?: RecoveryKit | undefined
}

/** Returns what the SDK works with. */
export function toConfig({ urls, contracts }: Nodes, parts: ConfigParts = {}): RekeyConfig {
  const { credentials, party = keyParty, relay, bundlers, kit } = parts
  return createConfig({
    ...party,
    rpName: 'Rekey',
    contracts,
    credentials,
    relay,
    chains: [...urls].map(([id, url]) => {
      const known = kit?.chains.find((chain) => chain.id === id)
      return {
        chain: toChain(id, url, known?.name),
        rpc: http(url, { retryCount: 1 }),
        bundler: toBundler(bundlers?.get(id)),
        fromBlock: BigInt(known?.fromBlock ?? 0),
        pollingInterval,
      }
    }),
  })
}

function toBundler(url: string | undefined) {
  return url === undefined ? undefined : http(url, { retryCount: 1 })
}

async function readConfigFile(file: string): Promise<{ urls: Map<number, string>; contracts: Contracts }> {
  const content = await readJson(file)
  const entries = Object.entries(toObject(file, content, 'rpc') ?? {})
  const urls = new Map<number, string>()
  for (const [id, url] of entries) {
    if (!/^\d{1,15}$/.test(id) || typeof url !== 'string' || !isNodeUrl(url))
      throw new FileError(file, 'its "rpc" has something else than addresses of nodes by chain id')
    urls.set(Number(id), url)
  }
  const contracts: Contracts = { ...defaultContracts }
  for (const [name, address] of Object.entries(toObject(file, content, 'contracts') ?? {})) {
    if (!Object.hasOwn(contracts, name) || typeof address !== 'string' || !isAddress(address))
      throw new FileError(file, 'its "contracts" has something else than addresses of contracts by name')
    Object.assign(contracts, { [name]: getAddress(address) })
  }
  return { urls, contracts }
}

function toObject(file: string, content: unknown, key: string): Record<string, unknown> | undefined {
  const value: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, key) : null
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FileError(file, `it has no object "${key}"`)
  return { ...value }
}

function isNodeUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

/** A chain as viem knows it; what its coin is called does not matter here. */
export function toChain(id: number, url: string, name = `Chain ${id}`): Chain {
  return defineChain({
    id,
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
}
