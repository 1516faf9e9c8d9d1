import { rekeyAccountAbi } from '@rekey/sdk/abis'
import { checkUserOp } from '@rekey/sdk/testing'
import { createCredential, encodeAssertion, getAssertion, toCredential } from '@rekey/sdk/webauthn'
import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  parseEther,
  publicActions,
  zeroAddress,
} from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDevice, origin, stackChain } from '../../scripts/stack/client.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import { temporaryDirectory } from '../integration/support/directory.ts'

type UserOp = UserOperation<'0.8'>

const directory = temporaryDirectory()
let stack: Stack
beforeAll(async () => {
  stack = await startStack({ directory: directory.path, hasBundlers: false, sites: [] })
})
afterAll(async () => {
  await stack?.stop()
  directory[Symbol.dispose]()
})

function connect() {
  const { chainId, rpcUrl } = stack.chain(0)
  const relayer = stack.accounts.relayer
  return createWalletClient({
    account: relayer,
    chain: stackChain(chainId, rpcUrl),
    transport: http(rpcUrl, { retryCount: 0 }),
    pollingInterval: 20,
  }).extend(publicActions)
}

async function prepareOp(sender: Address, callData: Hex): Promise<UserOp> {
  const nonce = await connect().readContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'getNonce',
    args: [sender, 0n],
  })
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
  const limits = { callGasLimit: 500_000n, verificationGasLimit: 300_000n, preVerificationGas: 60_000n }
  return { sender, nonce, callData, ...limits, ...fees, signature: '0x' }
}

const hashOf = (userOperation: UserOp): Hex =>
  getUserOperationHash({
    chainId: stack.chain(0).chainId,
    entryPointAddress: entryPoint08Address,
    entryPointVersion: '0.8',
    userOperation,
  })

/** Judges an op and has the EntryPoint handle it. */
async function deliver(userOp: UserOp): Promise<void> {
  const client = connect()
  expect(await checkUserOp({ client, userOp })).toMatchObject({ ok: true, violations: [] })
  const hash = await client.writeContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'handleOps',
    args: [[toPackedUserOperation(userOp)], client.account.address],
  })
  expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
}

test('[203] [217] an EOA delegates, its key sets the account up, and then its passkey signs', async () => {
  const client = connect()
  const eoa = privateKeyToAccount(generatePrivateKey())
  const implementation = stack.contracts.RekeyAccount ?? zeroAddress
  const { chainId } = stack.chain(0)
  const authorization = await eoa.signAuthorization({ address: implementation, chainId, nonce: 0 })
  const delegation = { to: eoa.address, value: parseEther('1'), authorizationList: [authorization] }
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction(delegation) })
  expect(await client.getCode({ address: eoa.address })).toBe(`0xef0100${implementation.slice(2).toLowerCase()}`)

  const { credentials } = createDevice('delegated')
  const place = { rpId: 'localhost', origins: [origin], credentials }
  const { credential } = await createCredential({ ...place, rpName: 'Rekey', userName: 'Owner' })
  const setUp = encodeFunctionData({
    abi: rekeyAccountAbi,
    functionName: 'setup7702',
    args: [toCredential(credential), credential.id, '0x'],
  })
  const first = await prepareOp(eoa.address, setUp)
  await deliver({ ...first, signature: await eoa.sign({ hash: hashOf(first) }) })
  const account = { address: eoa.address, abi: rekeyAccountAbi } as const
  expect(await client.readContract({ ...account, functionName: 'isSetUp' })).toBe(true)

  const transfer = encodeFunctionData({ abi: rekeyAccountAbi, functionName: 'accountId' })
  const second = await prepareOp(eoa.address, transfer)
  const { assertion } = await getAssertion({ ...place, challenge: hashOf(second), allowCredentials: [credential.id] })
  await deliver({ ...second, signature: encodeAssertion({ credential, assertion, index: 0 }) })

  const third = await prepareOp(eoa.address, transfer)
  const { revert } = await checkUserOp({
    client,
    userOp: { ...third, signature: await eoa.sign({ hash: hashOf(third) }) },
  })
  expect(revert?.reason).toBe('AA24 signature error')
})
