import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  parseEther,
  stringToHex,
} from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import type { Hardfork } from '../../scripts/stack/anvil.ts'
import { startStack } from '../../scripts/stack/startStack.ts'

/** Every measurement happens at this time, so that calldata has the same bytes in every run. */
export const START_TIME = 2_000_000_000n

const testTokenAbi = [
  {
    type: 'function',
    name: 'mint',
    stateMutability: 'nonpayable',
    inputs: [{ type: 'address' }, { type: 'uint256' }],
    outputs: [],
  },
  {
    type: 'function',
    name: 'transfer',
    stateMutability: 'nonpayable',
    inputs: [{ type: 'address' }, { type: 'uint256' }],
    outputs: [{ type: 'bool' }],
  },
] as const

/** A chain with our contracts, a token and funded EOAs. */
export type World = Awaited<ReturnType<typeof createWorld>>

/** Starts a chain with a frozen start time; `stop` ends it. */
export async function createWorld(hardfork: Hardfork = 'osaka') {
  const directory = mkdtempSync(path.join(tmpdir(), 'rekey-bench-'))
  const stack = await startStack({ directory, hasBundlers: false, sites: [], chains: [{ chainId: 31337, hardfork }] })
  const transport = http(stack.chain(0).rpcUrl)
  const client = createPublicClient({ transport, pollingInterval: 10, cacheTime: 0 })
  const node = createTestClient({ mode: 'anvil', transport })
  const sender = privateKeyToAccount(keccak256(stringToHex('rekey bench: sender')))
  const wallet = createWalletClient({ account: sender, transport })
  await node.setBalance({ address: sender.address, value: parseEther('1000') })
  await node.setBlockTimestampInterval({ interval: 1 })
  await node.setNextBlockTimestamp({ timestamp: START_TIME })
  await node.mine({ blocks: 1 })

  const { token, contracts } = stack
  const beneficiary: Address = '0x00000000000000000000000000000000be4ef1c1'
  const recipient: Address = '0x000000000000000000000000000000000000dead'
  await node.setBalance({ address: beneficiary, value: 1n })

  /** Sends a plain transaction and returns its hash; a revert throws. */
  async function send(to: Address, data: Hex, value = 0n): Promise<Hex> {
    const hash = await wallet.sendTransaction({ chain: null, to, data, value, gas: 12_000_000n })
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') {
      await client.call({ to, data, account: sender })
      throw new Error(`The transaction to ${to} reverted.`)
    }
    return hash
  }

  /** Deploys creation code without arguments. */
  async function deploy(bytecode: Hex): Promise<Address> {
    const hash = await wallet.sendTransaction({ chain: null, data: bytecode, gas: 12_000_000n })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('The deployment reverted.')
    return contractAddress
  }

  return {
    client,
    deploy,
    token,
    beneficiary,
    recipient,
    sender,
    send,
    contracts: {
      factory: need(contracts, 'RekeyAccountFactory'),
      implementation: need(contracts, 'RekeyAccount'),
      passkeyValidator: need(contracts, 'PasskeyValidator'),
      signerValidator: need(contracts, 'SignerValidator'),
      guardianRecovery: need(contracts, 'GuardianRecovery'),
      webAuthnVerifier: need(contracts, 'WebAuthnVerifier'),
      recoveryCodeVerifier: need(contracts, 'RecoveryCodeVerifier'),
      policyStore: need(contracts, 'PolicyStore'),
      oidcRecoveryValidator: need(contracts, 'OidcRecoveryValidator'),
      oidcKeyRegistry: need(contracts, 'OidcKeyRegistry'),
    },
    now: async () => Number((await client.getBlock()).timestamp),
    increase: async (seconds: number) => {
      const { timestamp } = await client.getBlock()
      await node.setNextBlockTimestamp({ timestamp: timestamp + BigInt(seconds) })
      await node.mine({ blocks: 1 })
    },
    mint: (to: Address, amount: bigint) =>
      send(token, encodeFunctionData({ abi: testTokenAbi, functionName: 'mint', args: [to, amount] })),
    deposit: (account: Address) =>
      send(
        entryPoint08Address,
        encodeFunctionData({ abi: entryPoint08Abi, functionName: 'depositTo', args: [account] }),
        parseEther('1'),
      ),
    transferData: (amount: bigint) =>
      encodeFunctionData({ abi: testTokenAbi, functionName: 'transfer', args: [recipient, amount] }),
    stop: async () => {
      await stack.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function need(contracts: Readonly<Record<string, Address>>, name: string): Address {
  const address = contracts[name]
  if (!address) throw new Error(`${name} is not deployed.`)
  return address
}
