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
import { observationCall, type Shown } from './observation.ts'

const DAY = 86_400
/** Seconds from the first observation of an issuer's key to its use on a local stack. */
export const KEY_DELAY = 2 * DAY

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
  const args = [attesters.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)), 2, KEY_DELAY, 60 * DAY]
  return deployCreate2(rpcUrl, zeroHash, encodeDeployData({ abi, bytecode, args }))
}

/** Has the attesters tell a chain what issuers show; the keys can be used once the registry's delay is over. */
export async function observeKeys(
  rpcUrl: string,
  registry: Address,
  shown: readonly Omit<Shown, 'observedAt'>[],
): Promise<void> {
  const { timestamp } = await createPublicClient({ transport: http(rpcUrl), cacheTime: 0 }).getBlock()
  for (const key of shown) {
    const data = await observationCall(registry, { ...key, observedAt: Number(timestamp) })
    await sendAsDeployer(rpcUrl, { to: registry, data }, `The observation of ${key.issuer}`)
  }
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
  const address = create2Address(salt, initCode)
  if (await createPublicClient({ transport: http(rpcUrl) }).getCode({ address })) return address
  const call = { to: DEPLOYER, data: deployCalldata(salt, initCode) } as const
  await sendAsDeployer(rpcUrl, call, `The deployment to ${address}`)
  return address
}

async function sendAsDeployer(rpcUrl: string, call: { to: Address; data: Hex }, what: string): Promise<void> {
  const transport = http(rpcUrl)
  const account = localAccount('deployer')
  const hash = await createWalletClient({ transport, account }).sendTransaction({ chain: null, ...call })
  const client = createPublicClient({ transport, pollingInterval: POLLING_MS })
  const { status } = await client.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new StackError(`${what} reverted.`)
}

const POLLING_MS = 50
