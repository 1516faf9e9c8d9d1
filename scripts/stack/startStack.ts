import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Address, createTestClient, http } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { readArtifact, repositoryRoot } from '../deploy/artifacts.ts'
import { type Singleton, singletons } from '../deploy/manifest.ts'
import { type PlannedSingleton, planDeployment } from '../deploy/plan.ts'
import { localAccount, localKey, ROLES, type Role } from './accounts.ts'
import { type Alto, startAlto } from './alto.ts'
import { type Anvil, type Hardfork, startAnvil } from './anvil.ts'
import { type Clock, createClock } from './clock.ts'
import { deployEntryPoint, deploySingletons, deployToken, fundRoles } from './contracts.ts'
import { StackError } from './errors.ts'
import { startRelay } from './relay.ts'
import { type SiteParameters, startSite } from './site.ts'
import { checkFree, removeStackFile, type StackInfo, writeStackFile } from './stackFile.ts'
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts'

export type StackSite = Omit<SiteParameters, 'config'> & {
  /** Its key in `urls`. */
  readonly name: string
  /** Content of `/config.json`; by default the whole StackInfo. */
  readonly config?: (info: StackInfo) => unknown
}

export type StackOptions = {
  /** Where `stack.json` and `logs/` go; one stack per directory. Default `.rekey` of the checkout. */
  readonly directory?: string
  readonly chains?: readonly { readonly chainId: number; readonly hardfork?: Hardfork }[]
  /** What to deploy. Default: all of the manifest. */
  readonly manifest?: readonly Singleton[]
  /** Without bundlers a stack is up in two seconds. Default true. */
  readonly hasBundlers?: boolean
  /** Web apps to serve; those that are not built are left out. */
  readonly sites?: readonly StackSite[]
  /** Told what is being done. */
  readonly onProgress?: (message: string) => void
}

export type StackChain = {
  readonly chainId: number
  readonly rpcUrl: string
  /** Null in a stack without bundlers. */
  readonly bundlerUrl: string | null
  readonly isUp: () => boolean
  /** Takes the chain down for everyone: node and bundler refuse connections. Its state and its time go on. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

export type Stack = AsyncDisposable & {
  readonly info: StackInfo
  readonly chains: readonly StackChain[]
  /** By position: 0 and 1. */
  readonly chain: (at: number) => StackChain
  readonly contracts: Readonly<Record<string, Address>>
  readonly token: Address
  readonly urls: Readonly<Record<string, string>>
  readonly accounts: Readonly<Record<Role, PrivateKeyAccount>>
  readonly clock: Clock
  /** Takes a site down for good: its address refuses connections. */
  readonly stopSite: (name: string) => Promise<void>
  /** Sets the balance of an address on every chain, in wei. */
  readonly fund: (address: Address, wei: bigint) => Promise<void>
  /** Rejects when a process of the stack ends by itself; never resolves. */
  readonly failed: Promise<never>
  readonly stop: () => Promise<void>
}

const DEFAULT_CHAINS = [{ chainId: 31337 }, { chainId: 31338 }] as const

/** What a page with passkeys is served with: no inline code, no frame around it, no passkeys for anybody else. */
const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
    "connect-src 'self' http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
  'x-frame-options': 'DENY',
}

/** The worker that stretches passphrases may compile WebAssembly, which makes it four times as fast, and load nothing. */
const workerHeaders = { 'content-security-policy': "default-src 'none'; script-src 'wasm-unsafe-eval'" }

const dialogSite = {
  folder: path.join(repositoryRoot, 'apps/dialog/dist'),
  headers: (pathname: string) => (/^\/assets\/argon2Worker-[\w-]+\.js$/.test(pathname) ? workerHeaders : pageHeaders),
}

export const defaultSites: readonly StackSite[] = [
  { name: 'dialog', host: 'auth.localhost', ...dialogSite },
  { name: 'backup', host: 'backup.localhost', ...dialogSite },
  { name: 'demo', host: 'app.localhost', folder: path.join(repositoryRoot, 'examples/demo/dist') },
]

type Node = {
  readonly chainId: number
  readonly anvil: Anvil
  readonly rpc: TcpProxy
  readonly token: Address
  readonly alto?: Alto
  readonly bundler?: TcpProxy
}

/**
 * Starts chains, contracts, bundlers and sites, all on loopback. If anything fails, all that was started is stopped.
 *
 * @throws StackError with the last lines of the log of what failed; DeployError when the contracts are not built.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const directory = path.resolve(options.directory ?? path.join(repositoryRoot, '.rekey'))
  const say = options.onProgress ?? (() => {})
  checkFree(directory)
  const plan = planDeployment(options.manifest ?? singletons, readArtifact)
  mkdirSync(path.join(directory, 'logs'), { recursive: true })

  const closers: (() => Promise<void>)[] = []
  const forgetFile = (): void => removeStackFile(directory)
  const stop = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(
      closers
        .splice(0)
        .reverse()
        .map((close) => close()),
    )
    forgetFile()
    process.off('exit', forgetFile)
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }
  try {
    const nodes = await settleAll(
      (options.chains ?? DEFAULT_CHAINS).map((chain) =>
        startNode({ ...chain, directory, plan, hasBundler: options.hasBundlers ?? true, say, closers }),
      ),
    )
    const clock = createClock(nodes.map(({ anvil }) => anvil.rpcUrl))
    for (const { alto } of nodes) if (alto) clock.join(alto.setClockOffset)
    const sites: RunningSites = new Map()
    closers.push(async () => void (await Promise.all([...sites.keys()].map((name) => stopSite(sites, name)))))
    const info = await startSites(options.sites ?? defaultSites, describe(nodes, plan), sites, closers)
    process.once('exit', forgetFile)
    writeStackFile(directory, info)
    return assemble({ info, nodes, clock, sites, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

type NodeParameters = {
  readonly chainId: number
  readonly hardfork?: Hardfork
  readonly directory: string
  readonly plan: readonly PlannedSingleton[]
  readonly hasBundler: boolean
  readonly say: (message: string) => void
  readonly closers: (() => Promise<void>)[]
}

async function startNode({
  chainId,
  hardfork,
  directory,
  plan,
  hasBundler,
  say,
  closers,
}: NodeParameters): Promise<Node> {
  const anvil = await startAnvil({ chainId, directory, ...(hardfork ? { hardfork } : {}) })
  closers.push(anvil.process.stop)
  const rpc = await startTcpProxy(anvil.port)
  closers.push(rpc.close)
  say(`chain ${chainId} is up`)
  await fundRoles(anvil.rpcUrl)
  await deployEntryPoint(anvil.rpcUrl)
  const [token, alto] = await settleAll([
    deployAll(anvil.rpcUrl, chainId, plan, say),
    hasBundler ? startBundler(anvil, chainId, directory, say, closers) : Promise.resolve(undefined),
  ])
  if (!alto) return { chainId, anvil, rpc, token }
  const bundler = await startTcpProxy(alto.port)
  closers.push(bundler.close)
  return { chainId, anvil, rpc, token, alto, bundler }
}

async function deployAll(
  rpcUrl: string,
  chainId: number,
  plan: readonly PlannedSingleton[],
  say: (message: string) => void,
): Promise<Address> {
  const token = await deployToken(rpcUrl)
  await deploySingletons(rpcUrl, chainId, plan)
  say(`contracts are deployed on chain ${chainId}`)
  return token
}

async function startBundler(
  anvil: Anvil,
  chainId: number,
  directory: string,
  say: (message: string) => void,
  closers: (() => Promise<void>)[],
): Promise<Alto> {
  const keys = { executorKey: localKey('bundlerExecutor'), utilityKey: localKey('bundlerUtility') }
  const alto = await startAlto({ chainId, rpcUrl: anvil.rpcUrl, directory, ...keys })
  closers.push(alto.process.stop)
  say(`the bundler of chain ${chainId} is up`)
  return alto
}

/** Sites that serve, by name, and how each is stopped. */
type RunningSites = Map<string, () => Promise<void>>

async function stopSite(sites: RunningSites, name: string): Promise<void> {
  const stop = sites.get(name)
  sites.delete(name)
  await stop?.()
}

async function startSites(
  sites: readonly StackSite[],
  info: StackInfo,
  running: RunningSites,
  closers: (() => Promise<void>)[],
): Promise<StackInfo> {
  const urls: Record<string, string> = {}
  const complete: StackInfo = { ...info, urls }
  const { RekeyAccountFactory: factory } = info.contracts
  if (factory) {
    const relay = await startRelay({
      chains: info.chains,
      account: localAccount('relayer'),
      singletons: Object.values(info.contracts),
      factory,
      origins: () => [urls.dialog, urls.backup].filter((url) => url !== undefined),
    })
    closers.push(relay.stop)
    urls.relay = relay.url
  }
  for (const { name, config, ...site } of sites) {
    if (!existsSync(path.join(site.folder, 'index.html'))) continue
    const { url, stop } = await startSite({ ...site, config: () => config?.(complete) ?? complete })
    running.set(name, stop)
    urls[name] = url
  }
  return complete
}

function describe(nodes: readonly Node[], plan: readonly PlannedSingleton[]): StackInfo {
  const [token] = nodes.map((node) => node.token)
  if (!token) throw new StackError('A stack needs at least one chain.')
  return {
    pid: process.pid,
    chains: nodes.map(({ chainId, rpc, bundler }) => ({
      chainId,
      rpcUrl: urlOf(rpc),
      bundlerUrl: bundler ? urlOf(bundler) : null,
    })),
    contracts: Object.fromEntries(plan.map(({ name, address }) => [name, address])),
    token,
    urls: {},
  }
}

type StackParts = {
  readonly info: StackInfo
  readonly nodes: readonly Node[]
  readonly clock: Clock
  readonly sites: RunningSites
  readonly stop: () => Promise<void>
}

function assemble({ info, nodes, clock, sites, stop }: StackParts): Stack {
  const chains = nodes.map((node): StackChain => {
    const proxies = [node.rpc, ...(node.bundler ? [node.bundler] : [])]
    return {
      chainId: node.chainId,
      rpcUrl: urlOf(node.rpc),
      bundlerUrl: node.bundler ? urlOf(node.bundler) : null,
      isUp: () => node.rpc.isOpen(),
      stop: async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))),
      start: async () => void (await Promise.all(proxies.map((proxy) => proxy.open()))),
    }
  })
  const failed = Promise.race(
    nodes.flatMap(({ anvil, alto }) => [anvil.process.failed, ...(alto ? [alto.process.failed] : [])]),
  )
  failed.catch(() => {})
  return {
    info,
    chains,
    chain: (at) => {
      const chain = chains[at]
      if (!chain) throw new StackError(`This stack has ${chains.length} chains; there is no chain ${at}.`)
      return chain
    },
    contracts: info.contracts,
    token: info.token,
    urls: info.urls,
    accounts: Object.fromEntries(ROLES.map((role) => [role, localAccount(role)])) as Record<Role, PrivateKeyAccount>,
    clock,
    stopSite: (name) => stopSite(sites, name),
    fund: async (address, value) => {
      await Promise.all(
        nodes.map(({ anvil }) =>
          createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) }).setBalance({ address, value }),
        ),
      )
    },
    failed,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function urlOf({ port }: TcpProxy): string {
  return `http://127.0.0.1:${port}`
}

/** Like Promise.all, but rejects only when nothing is under way any more, so that what was started can be stopped. */
async function settleAll<const T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises)
  return Promise.all(promises) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>
}
