import { createTestClient, http, type PublicActions, publicActions, type TestClient } from 'viem'
import type { ChainTarget } from '../../../scripts/deploy/arguments.ts'
import { type Hardfork, startAnvil } from '../../../scripts/stack/anvil.ts'
import { deployEntryPoint, fundRoles } from '../../../scripts/stack/contracts.ts'
import { temporaryDirectory } from './directory.ts'

export type LocalChain = AsyncDisposable & {
  readonly target: ChainTarget
  readonly client: TestClient<'anvil'> & PublicActions
}

/** A chain with EntryPoint v0.8, money, and nothing of ours. */
export async function startLocalChain(parameters: { chainId?: number; hardfork?: Hardfork } = {}): Promise<LocalChain> {
  const { chainId = 31337, hardfork = 'osaka' } = parameters
  const directory = temporaryDirectory()
  const anvil = await startAnvil({ chainId, hardfork, directory: directory.path })
  await fundRoles(anvil.rpcUrl)
  await deployEntryPoint(anvil.rpcUrl)
  return {
    target: { name: `local ${chainId}`, chainId, rpcUrl: anvil.rpcUrl },
    client: createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl), cacheTime: 0 }).extend(publicActions),
    [Symbol.asyncDispose]: async () => {
      await anvil.process.stop()
      directory[Symbol.dispose]()
    },
  }
}
