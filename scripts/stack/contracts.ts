import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeDeployData,
  type Hex,
  http,
  parseEther,
  zeroHash,
} from 'viem'
import { readArtifact } from '../deploy/artifacts.ts'
import { DEPLOYER, ENTRY_POINT_SALT } from '../deploy/constants.ts'
import { deployChain } from '../deploy/deployChain.ts'
import { entryPointArtifact } from '../deploy/entryPoint.ts'
import { create2Address, deployCalldata, type PlannedSingleton } from '../deploy/plan.ts'
import { formatReport } from '../deploy/report.ts'
import { localAccount, localKey, ROLES } from './accounts.ts'
import { StackError } from './errors.ts'

/** Gives every role of the stack its money. */
export async function fundRoles(rpcUrl: string): Promise<void> {
  const node = createTestClient({ mode: 'anvil', transport: http(rpcUrl) })
  const value = parseEther('10000')
  await Promise.all(ROLES.map((role) => node.setBalance({ address: localAccount(role).address, value })))
}

/** EntryPoint v0.8 at its address on every chain. */
export async function deployEntryPoint(rpcUrl: string): Promise<void> {
  await deployCreate2(rpcUrl, ENTRY_POINT_SALT, entryPointArtifact().bytecode)
}

/** An ERC-20 that anyone may mint, at the same address on both chains. */
export async function deployToken(rpcUrl: string): Promise<Address> {
  return deployCreate2(rpcUrl, zeroHash, readArtifact('TestToken', 'test/contracts').bytecode)
}

/** Who says which keys issuers sign with, on a local stack: two of three attesters, after two days. */
export async function deployKeyRegistry(rpcUrl: string): Promise<Address> {
  const { abi, bytecode } = readArtifact('OidcKeyRegistry')
  const attesters = (['attester1', 'attester2', 'attester3'] as const).map((role) => localAccount(role).address)
  const args = [attesters.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)), 2, 2 * DAY, 60 * DAY]
  return deployCreate2(rpcUrl, zeroHash, encodeDeployData({ abi, bytecode, args }))
}

/** Our singletons, by the script that deploys them to real chains. */
export async function deploySingletons(
  rpcUrl: string,
  chainId: number,
  plan: readonly PlannedSingleton[],
): Promise<void> {
  const report = await deployChain({ name: `local ${chainId}`, chainId, rpcUrl }, plan, {
    privateKey: localKey('deployer'),
  })
  if (report.status === 'failed')
    throw new StackError(`The contracts could not be deployed.\n${formatReport([report])}`)
}

async function deployCreate2(rpcUrl: string, salt: Hex, initCode: Hex): Promise<Address> {
  const transport = http(rpcUrl)
  const client = createPublicClient({ transport, pollingInterval: POLLING_MS })
  const address = create2Address(salt, initCode)
  if (await client.getCode({ address })) return address
  const account = localAccount('deployer')
  const hash = await createWalletClient({ transport, account }).sendTransaction({
    chain: null,
    to: DEPLOYER,
    data: deployCalldata(salt, initCode),
  })
  const { status } = await client.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new StackError(`The deployment to ${address} reverted.`)
  return address
}

const POLLING_MS = 50
const DAY = 86_400
