import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Abi,
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  type TestClient,
} from 'viem'
import { readArtifact } from '../../deploy/artifacts.ts'
import { localAccount } from '../../stack/accounts.ts'
import type { Hardfork } from '../../stack/anvil.ts'
import { startStack } from '../../stack/startStack.ts'

/** A contract on a chain, with the interface the compiler gave it. */
export type Deployed = { readonly address: Address; readonly abi: Abi }

/** Chains with the production contracts at their addresses, and the harnesses that open up the libraries. */
export type World = {
  readonly chains: readonly WorldChain[]
  readonly stop: () => Promise<void>
}

export type WorldChain = {
  readonly chainId: number
  readonly client: PublicClient
  readonly node: TestClient
  /** Production contracts by name. */
  readonly contracts: Readonly<Record<string, Address>>
  /** `LibraryHarness` of `test/contracts/harness`. */
  readonly harness: Deployed
  /** Code of `EchoValidator`, which may be put at any address. */
  readonly echoCode: Hex
  /** Calls a view and returns its answer. */
  readonly read: (contract: Deployed, functionName: string, args?: readonly unknown[]) => Promise<unknown>
  /** Sends a transaction as anyone, accounts included; a revert throws. */
  readonly sendAs: (from: Address, to: Address, data: Hex) => Promise<void>
}

const POLLING_MS = 10
const GAS = 20_000_000n

/** Starts one chain per hardfork with everything deployed; `stop` ends them. */
export async function startWorld(hardforks: readonly Hardfork[]): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'rekey-vectors-'))
  const chains = hardforks.map((hardfork, index) => ({ chainId: 31_337 + index, hardfork }))
  const stack = await startStack({ directory, hasBundlers: false, sites: [], chains })
  const stop = async () => {
    await stack.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    return {
      chains: await Promise.all(stack.chains.map((chain) => openChain(chain.chainId, chain.rpcUrl, stack.contracts))),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openChain(
  chainId: number,
  rpcUrl: string,
  contracts: Readonly<Record<string, Address>>,
): Promise<WorldChain> {
  const transport = http(rpcUrl, { batch: { batchSize: 64 } })
  const client = createPublicClient({ transport, pollingInterval: POLLING_MS, cacheTime: 0 })
  const node = createTestClient({ mode: 'anvil', transport })
  const { abi, bytecode } = readArtifact('LibraryHarness', 'test/contracts/harness')
  const wallet = createWalletClient({ transport, account: localAccount('deployer') })
  const hash = await wallet.deployContract({ abi, bytecode, args: [], chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('The deployment of LibraryHarness made no contract.')
  return {
    chainId,
    client,
    node,
    contracts,
    harness: { address: contractAddress, abi },
    echoCode: readArtifact('EchoValidator', 'test/contracts/harness').deployedBytecode,
    read: ({ address, abi }, functionName, args = []) => client.readContract({ address, abi, functionName, args }),
    async sendAs(from, to, data) {
      await node.setBalance({ address: from, value: 10n ** 20n })
      await node.impersonateAccount({ address: from })
      const sent = await createWalletClient({ transport }).sendTransaction({ account: from, to, data, gas: GAS, chain: null })
      const { status } = await client.waitForTransactionReceipt({ hash: sent })
      await node.stopImpersonatingAccount({ address: from })
      if (status !== 'success') throw new Error(`The transaction from ${from} to ${to} reverted.`)
    },
  }
}
