import type { Address } from 'viem'
import type { PlannedSingleton } from '../deploy/plan.ts'
import { localKey } from './accounts.ts'
import { type Alto, startAlto } from './alto.ts'
import { type Anvil, type Hardfork, startAnvil } from './anvil.ts'
import { deployEntryPoint, deployKeyRegistry, deploySingletons, deployToken, fundRoles } from './contracts.ts'
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
  readonly say: (message: string) => void
  readonly closers: (() => Promise<void>)[]
}

/** Starts a chain with its contracts and, if wanted, its bundler; what stops them is added to `closers`. */
export async function startNode({
  chainId,
  hardfork,
  directory,
  plan,
  hasBundler,
  say,
  closers,
}: NodeParameters): Promise<ChainNode> {
  const anvil = await startAnvil({ chainId, directory, ...(hardfork ? { hardfork } : {}) })
  closers.push(anvil.process.stop)
  const rpc = await startTcpProxy(anvil.port)
  closers.push(rpc.close)
  say(`chain ${chainId} is up`)
  await fundRoles(anvil.rpcUrl)
  await deployEntryPoint(anvil.rpcUrl)
  const [deployed, alto] = await settleAll([
    deployAll(anvil.rpcUrl, chainId, plan, say),
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
): Promise<Pick<ChainNode, 'token' | 'keyRegistry'>> {
  const token = await deployToken(rpcUrl)
  await deploySingletons(rpcUrl, chainId, plan)
  const keyRegistry = await deployKeyRegistry(rpcUrl)
  say(`contracts are deployed on chain ${chainId}`)
  return { token, keyRegistry }
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
