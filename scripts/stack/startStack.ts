import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Address, createTestClient, http } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { readArtifact, repositoryRoot } from '../deploy/artifacts.ts'
import { type Singleton, singletons } from '../deploy/manifest.ts'
import { type PlannedSingleton, planDeployment } from '../deploy/plan.ts'
import { localAccount, ROLES, type Role } from './accounts.ts'
import type { Hardfork } from './anvil.ts'
import { type ChainNode, startNode, urlOf } from './chainNode.ts'
import { type Clock, createClock } from './clock.ts'
import { observeKeys } from './contracts.ts'
import { StackError } from './errors.ts'
import { type OpenId, prepareOpenId, type RunningOpenId } from './openid/openid.ts'
import { settleAll } from './settleAll.ts'
import {
  defaultSites,
  type RunningSites,
  type StackSite,
  signInPages,
  startSiteServices,
  startSites,
  stopSite,
} from './sites.ts'
import { checkFree, removeStackFile, type StackInfo, writeStackFile } from './stackFile.ts'

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
  /** Adds issuers to sign in with; their keys are known to the chains. Default false. */
  readonly signIn?: boolean
  /** Names that accounts are found by in the pages; who holds the map may change it. Default: no server of names. */
  readonly names?: ReadonlyMap<string, Address>
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
  /** Null in a stack where nobody can sign in. */
  readonly openid: OpenId | null
  /** Takes a site down for good: its address refuses connections. */
  readonly stopSite: (name: string) => Promise<void>
  /** Sets the balance of an address on every chain, in wei. */
  readonly fund: (address: Address, wei: bigint) => Promise<void>
  /** Rejects when a process of the stack ends by itself; never resolves. */
  readonly failed: Promise<never>
  readonly stop: () => Promise<void>
}

const DEFAULT_CHAINS = [{ chainId: 31337 }, { chainId: 31338 }] as const

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
    const sites: RunningSites = new Map()
    closers.push(async () => void (await Promise.all([...sites.keys()].map((name) => stopSite(sites, name)))))
    let info: StackInfo | undefined
    const siteUrls = await startSites(options.sites ?? defaultSites, () => present(info), sites)
    const prepared = options.signIn ? await prepareOpenId(directory, closers) : undefined
    const [nodes, openid] = await settleAll([
      settleAll(
        (options.chains ?? DEFAULT_CHAINS).map((chain) =>
          startNode({
            ...chain,
            directory,
            plan,
            hasBundler: options.hasBundlers ?? true,
            keys: prepared?.shown,
            say,
            closers,
          }),
        ),
      ),
      prepared?.run(signInPages(siteUrls)),
    ])
    const clock = createClock(nodes.map(({ anvil }) => anvil.rpcUrl))
    for (const { alto } of nodes) if (alto) clock.join(alto.setClockOffset)
    openid?.join(clock)
    const bare = describe(nodes, plan, siteUrls, openid?.signIn ?? [])
    info = { ...bare, urls: { ...(await startSiteServices(bare, options.names, closers)), ...siteUrls } }
    process.once('exit', forgetFile)
    writeStackFile(directory, info)
    return assemble({ info, nodes, clock, openid, sites, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

function openIdOf({ google, bridge, x, github, shown }: RunningOpenId, nodes: readonly ChainNode[]): OpenId {
  const observe = async (): Promise<void> => {
    await Promise.all(nodes.map(({ anvil, keyRegistry }) => observeKeys(anvil.rpcUrl, keyRegistry, shown())))
  }
  return { google, bridge, x, github, observe }
}

function present(info: StackInfo | undefined): StackInfo {
  if (!info) throw new StackError('The stack is still starting.')
  return info
}

function describe(
  nodes: readonly ChainNode[],
  plan: readonly PlannedSingleton[],
  urls: StackInfo['urls'],
  signIn: StackInfo['signIn'],
): StackInfo {
  const [first] = nodes
  if (!first) throw new StackError('A stack needs at least one chain.')
  const singletons = Object.fromEntries(plan.map(({ name, address }) => [name, address]))
  return {
    pid: process.pid,
    chains: nodes.map(({ chainId, rpc, bundler }) => ({
      chainId,
      rpcUrl: urlOf(rpc),
      bundlerUrl: bundler ? urlOf(bundler) : null,
    })),
    contracts: { ...singletons, OidcKeyRegistry: first.keyRegistry },
    token: first.token,
    urls,
    signIn,
  }
}

type StackParts = {
  readonly info: StackInfo
  readonly nodes: readonly ChainNode[]
  readonly clock: Clock
  readonly openid: RunningOpenId | undefined
  readonly sites: RunningSites
  readonly stop: () => Promise<void>
}

function assemble({ info, nodes, clock, openid, sites, stop }: StackParts): Stack {
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
  const failed = Promise.race([
    ...nodes.flatMap(({ anvil, alto }) => [anvil.process.failed, ...(alto ? [alto.process.failed] : [])]),
    ...(openid ? [openid.failed] : []),
  ])
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
    openid: openid ? openIdOf(openid, nodes) : null,
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
