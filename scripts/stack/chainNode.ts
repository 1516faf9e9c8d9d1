import { type Address, createTestClient, http } from 'viem'
import type { PlannedSingleton } from '../deploy/plan.ts'
import { localKey } from './accounts.ts'
import { type Alto, startAlto } from './alto.ts'
import { type Anvil, type Hardfork, startAnvil } from './anvil.ts'
import {
  deployEntryPoint,
  deployKeyRegistry,
  deploySingletons,
  deployToken,
  fundRoles,
  KEY_DELAY,
  observeKeys,
} from './contracts.ts'
import type { IssuerKeyShown } from './openid/openid.ts'
import { settleAll } from './settleAll.ts'
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts'

/** A chain of the stack: its node and bundler, each behind a proxy that can be closed. */
export type ChainNode = {
  readonly chainId: number
  readonly anvil: Anvil
  readonly rpc: TcpProxy
  readonly token: Address
  readonly keyRegistry: Address
  readonly alto?: Alto
  readonly bundler?: TcpProxy
}

type NodeParameters = {
  readonly chainId: number
  readonly hardfork?: Hardfork
  readonly directory: string
  readonly plan: readonly PlannedSingleton[]
  readonly hasBundler: boolean
  /** Keys that its registry is to know as usable when it is up. */
  readonly keys?: readonly IssuerKeyShown[] | undefined
  readonly say: (message: string) => void
  readonly closers: (() => Promise<void>)[]
}

const HOUR = 3_600

/** Starts a chain with its contracts and, if wanted, its bundler; what stops them is added to `closers`. */
export async function startNode({
  chainId,
  hardfork,
  directory,
  plan,
  hasBundler,
  keys,
  say,
  closers,
}: NodeParameters): Promise<ChainNode> {
  const startsAt = keys ? machineTime() - KEY_DELAY - HOUR : undefined
  const anvil = await startAnvil({ chainId, directory, startsAt, ...(hardfork ? { hardfork } : {}) })
  closers.push(anvil.process.stop)
  const rpc = await startTcpProxy(anvil.port)
  closers.push(rpc.close)
  say(`chain ${chainId} is up`)
  await fundRoles(anvil.rpcUrl)
  await deployEntryPoint(anvil.rpcUrl)
  const [deployed, alto] = await settleAll([
    deployAll(anvil.rpcUrl, chainId, plan, say, keys),
    hasBundler ? startBundler(anvil, chainId, directory, say, closers) : Promise.resolve(undefined),
  ])
  if (!alto) return { chainId, anvil, rpc, ...deployed }
  const bundler = await startTcpProxy(alto.port)
  closers.push(bundler.close)
  return { chainId, anvil, rpc, ...deployed, alto, bundler }
}

async function deployAll(
  rpcUrl: string,
  chainId: number,
  plan: readonly PlannedSingleton[],
  say: (message: string) => void,
  keys: readonly IssuerKeyShown[] | undefined,
): Promise<Pick<ChainNode, 'token' | 'keyRegistry'>> {
  const token = await deployToken(rpcUrl)
  await deploySingletons(rpcUrl, chainId, plan)
  const keyRegistry = await deployKeyRegistry(rpcUrl)
  if (keys) {
    await observeKeys(rpcUrl, keyRegistry, keys)
    await moveToNow(rpcUrl)
  }
  say(`contracts are deployed on chain ${chainId}`)
  return { token, keyRegistry }
}

/** Ends the past that a chain began in so that its registry's delay is over. */
async function moveToNow(rpcUrl: string): Promise<void> {
  const node = createTestClient({ mode: 'anvil', transport: http(rpcUrl) })
  await node.setNextBlockTimestamp({ timestamp: BigInt(machineTime()) })
  await node.mine({ blocks: 1 })
}

function machineTime(): number {
  return Math.floor(Date.now() / 1000)
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

export function urlOf({ port }: TcpProxy): string {
  return `http://127.0.0.1:${port}`
}
