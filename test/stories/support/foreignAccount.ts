import { type Call, encodeExecute, encodeNonceKey } from '@rekey/sdk'
import { type CredentialRecord, createCredential, encodeAssertion, getAssertion } from '@rekey/sdk/webauthn'
import {
  type Address,
  type Chain,
  createPublicClient,
  encodeDeployData,
  type Hex,
  http,
  type PublicClient,
  parseEther,
  zeroHash,
} from 'viem'
import { createBundlerClient, entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { readArtifact } from '../../../scripts/deploy/artifacts.ts'
import { DEPLOYER } from '../../../scripts/deploy/constants.ts'
import { create2Address, deployCalldata } from '../../../scripts/deploy/plan.ts'
import { createDevice, type Device, origin, stackContracts, stackRelay } from '../../../scripts/stack/client.ts'
import type { Stack, StackChain } from '../../../scripts/stack/startStack.ts'
import { encodeInstall } from '../../integration/support/installData.ts'
import { hashOf, sendTo } from '../../integration/support/tinyAccount.ts'

/** A passkey and the device that has it. */
export type Holder = { readonly device: Device; readonly credential: CredentialRecord }

/** A passkey on a device of its own. */
export async function createHolder(seed: string): Promise<Holder> {
  const device = createDevice(seed)
  const page = { rpId: 'localhost', rpName: 'Rekey', origins: [origin], credentials: device.credentials }
  const { credential } = await createCredential({ ...page, userName: 'Owner' })
  return { device, credential }
}

/** Signs a digest; the blob names the place of the passkey in the account, or none. */
export async function sign({ device, credential }: Holder, challenge: Hex, index?: number): Promise<Hex> {
  const { rpId, origins, id } = credential
  const request = { rpId, origins, challenge, credentials: device.credentials, allowCredentials: [id] }
  const { assertion } = await getAssertion(request)
  return encodeAssertion({ credential, assertion, ...(index !== undefined && { index }) })
}

/** OpenZeppelin's account with a passkey as its only key, deployed at one address on every chain, with money. */
export async function deployForeignAccount(stack: Stack, { credential }: Holder): Promise<Address> {
  const { abi, bytecode } = readArtifact('OzAccount', 'test/contracts')
  const initCode = encodeDeployData({
    abi,
    bytecode,
    args: [stackContracts(stack).passkeyValidator, encodeInstall(credential)],
  })
  for (const chain of stack.chains)
    await deliver(stack, chain, { to: DEPLOYER, data: deployCalldata(zeroHash, initCode) })
  const address = create2Address(zeroHash, initCode)
  await stack.fund(address, parseEther('10'))
  return address
}

/** Sends a plain transaction of somebody with money, and waits for it. */
export async function deliver(stack: Stack, chain: StackChain, call: { to: Address; data: Hex }): Promise<void> {
  const hash = await stackRelay(stack).send({ chainId: chain.chainId, ...call })
  const { status } = await clientOf(chain).waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`The transaction to ${call.to} reverted.`)
}

export const clientOf = ({ rpcUrl }: StackChain): PublicClient<ReturnType<typeof http>, Chain | undefined> =>
  createPublicClient({ transport: http(rpcUrl), cacheTime: 0, pollingInterval: 50 })

/** Sends calls by userOp, signed by the passkey at this place; tells whether they worked. */
export async function send(
  stack: Stack,
  chain: StackChain,
  { account, by, calls }: { account: Address; by: Holder; calls: readonly Call[] },
): Promise<boolean> {
  const client = clientOf(chain)
  const { passkeyValidator } = stackContracts(stack)
  const nonce = await client.readContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'getNonce',
    args: [account, encodeNonceKey({ validator: passkeyValidator, lane: 0 })],
  })
  const maxFeePerGas = (await client.getGasPrice()) * 2n
  const unsigned = {
    sender: account,
    nonce,
    callData: encodeExecute(calls),
    callGasLimit: 2_000_000n,
    verificationGasLimit: 1_000_000n,
    preVerificationGas: 200_000n,
    maxFeePerGas,
    maxPriorityFeePerGas: maxFeePerGas,
    signature: '0x' as Hex,
  }
  const signature = await sign(by, await hashOf(client, unsigned), 0)
  const hash = await sendTo(chain.bundlerUrl ?? '', { ...unsigned, signature })
  const bundler = createBundlerClient({ client, transport: http(chain.bundlerUrl ?? ''), pollingInterval: 50 })
  return (await bundler.waitForUserOperationReceipt({ hash })).success
}
