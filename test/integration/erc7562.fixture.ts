import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Address,
  concatHex,
  createTestClient,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  parseAbi,
  parseEther,
  publicActions,
  walletActions,
  zeroHash,
} from 'viem'
import type { UserOperation } from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { ENTRY_POINT } from '../../scripts/deploy/constants.ts'
import { localAccount } from '../../scripts/stack/accounts.ts'
import { startAnvil } from '../../scripts/stack/anvil.ts'
import { deployEntryPoint, fundRoles } from '../../scripts/stack/contracts.ts'

type UserOp = UserOperation<'0.8'>
type CreationMisdeeds = { before?: Hex; after?: Hex; signature?: Hex }

/** Code that is one opcode number no fork assigns. */
export const unassigned: Address = '0x7562000000000000000000000000000000000013'
/** An address nobody ever used. */
export const nobody: Address = '0x7562000000000000000000000000000000000041'

export type Fixture = Awaited<ReturnType<typeof startFixture>>

const mock = (name: string) => readArtifact(name, 'test/contracts/mocks/erc7562')

/** Starts an anvil with EntryPoint v0.8 and the misbehaving account, factory and paymaster; `stop` ends it. */
export async function startFixture() {
  const directory = await mkdtemp(join(tmpdir(), 'rekey-erc7562-'))
  await mkdir(join(directory, 'logs'))
  const anvil = await startAnvil({ chainId: foundry.id, directory })
  const stop = async () => {
    await anvil.process.stop()
    await rm(directory, { recursive: true })
  }
  try {
    return { ...(await deployFixture(anvil.rpcUrl)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function deployFixture(rpcUrl: string) {
  await fundRoles(rpcUrl)
  await deployEntryPoint(rpcUrl)
  const client = createTestClient({
    account: localAccount('deployer'),
    chain: foundry,
    mode: 'anvil',
    pollingInterval: 20,
    transport: http(rpcUrl),
  })
    .extend(publicActions)
    .extend(walletActions)

  const deploy = async (name: string, args: readonly unknown[] = []): Promise<Address> => {
    const { abi, bytecode } = mock(name)
    const hash = await client.deployContract({ abi, bytecode, args })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error(`The deployment of ${name} made no contract`)
    return contractAddress
  }
  const misdeeds = await deploy('Misdeeds')
  const ledger = await deploy('MisdeedLedger')
  const account = await deploy('MisbehavingAccount', [misdeeds])
  const factory = await deploy('MisbehavingFactory', [misdeeds])
  const paymaster = await deploy('MisbehavingPaymaster', [misdeeds])
  await client.setCode({ address: unassigned, bytecode: '0x0c' })

  const misdeedsAbi = mock('Misdeeds').abi
  /** Calldata of a misdeed, for an entity to run as its own code. */
  const misdeed = (functionName: string, ...args: unknown[]): Hex =>
    encodeFunctionData({ abi: misdeedsAbi, functionName, args })

  /** Gives an account or a paymaster a deposit in the EntryPoint. */
  const fund = async (address: Address) => {
    const abi = parseAbi(['function depositTo(address) payable'])
    const call = { address: ENTRY_POINT, abi, functionName: 'depositTo', args: [address] } as const
    await client.waitForTransactionReceipt({ hash: await client.writeContract({ ...call, value: parseEther('1') }) })
  }
  await fund(account)
  await fund(paymaster)

  /** Locks stake of an entity in the EntryPoint. */
  const addStake = async (address: Address, unstakeDelay: number, value: bigint) => {
    const abi = parseAbi(['function addStake(address, uint32) payable'])
    const call = { address, abi, functionName: 'addStake', args: [ENTRY_POINT, unstakeDelay] } as const
    await client.waitForTransactionReceipt({ hash: await client.writeContract({ ...call, value }) })
  }

  /** A userOp of the account that runs a misdeed in its validation. */
  const byAccount = (signature: Hex): UserOp => ({
    sender: account,
    nonce: 0n,
    callData: '0x',
    callGasLimit: 100_000n,
    verificationGasLimit: 400_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 0n,
    signature,
  })

  /** A userOp of an account the factory creates; misdeeds before and after the CREATE2, and in its validation. */
  const byFactory = ({ before = '0x', after = '0x', signature = '0x' }: CreationMisdeeds = {}): UserOp => {
    const argument = encodeAbiParameters([{ type: 'address' }], [misdeeds])
    const bytecode = concatHex([mock('MisbehavingAccount').bytecode, argument])
    const sender = getContractAddress({ opcode: 'CREATE2', from: factory, salt: zeroHash, bytecode })
    const abi = parseAbi(['function createAccount(bytes32, bytes, bytes)'])
    const factoryData = encodeFunctionData({ abi, args: [zeroHash, before, after] })
    return { ...byAccount(signature), sender, factory, factoryData, verificationGasLimit: 500_000n }
  }

  /** A userOp the paymaster pays for and runs a misdeed in. */
  const byPaymaster = (paymasterData: Hex): UserOp => ({
    ...byAccount('0x'),
    paymaster,
    paymasterData,
    paymasterVerificationGasLimit: 200_000n,
    paymasterPostOpGasLimit: 0n,
  })

  return { client, account, factory, paymaster, ledger, fund, addStake, misdeed, byAccount, byFactory, byPaymaster }
}
