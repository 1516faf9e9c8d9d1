import { addPasskey, createPasskeyAccount, encodePolicy, sendCalls, signIn } from '@rekey/sdk'
import { passkeyValidatorAbi, rekeyAccountFactoryAbi } from '@rekey/sdk/abis'
import { planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { type CredentialRecord, toCredential } from '@rekey/sdk/webauthn'
import { createWalletClient, encodeFunctionData, type Hex, http, keccak256, toHex } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, stackChain, stackContracts } from '../../scripts/stack/client.ts'
import { encodeInstall } from './support/installData.ts'
import { stack } from './support/runningStack.ts'
import { chainB, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee33', value: 1n }] as const
/** A transaction of somebody else's on the first chain. */
async function sendAsStranger(to: Hex, data: Hex): Promise<void> {
  const [chain] = stack.chains
  if (!chain) throw new Error('There is no chain.')
  const wallet = createWalletClient({
    account: stack.accounts.stranger,
    chain: stackChain(chain.chainId, chain.rpcUrl),
    transport: http(chain.rpcUrl),
  })
  const { status } = await waitForTransactionReceipt(wallet, { hash: await wallet.sendTransaction({ to, data }) })
  expect(status).toBe('success')
}

/** Creates an account with somebody else's passkey and handle, and the stranger as its only guardian. */
async function setTrap({ id, ...record }: CredentialRecord, handle: Hex): Promise<void> {
  const { factory, implementation } = stackContracts(stack)
  const policy = encodePolicy({
    salt: keccak256(toHex('trap')),
    allowsInstantSingle: true,
    windowHours: 48,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }],
    guardians: [
      {
        kind: 1,
        weight: 1,
        signer: stack.accounts.stranger.address,
        isHidden: false,
        needsEvidence: false,
        validUntil: 0,
      },
    ],
  })
  const args = [implementation, toCredential({ id, ...record }), id, policy, handle] as const
  await sendAsStranger(
    factory,
    encodeFunctionData({ abi: rekeyAccountFactoryAbi, functionName: 'createAndSetup', args }),
  )
}

async function createOwner(seed: string) {
  const device = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
  await fund(stack, account)
  return { device, account }
}

describe('signing in ends in no account that a stranger made with the passkey', () => {
  test('with its handle and his guardians, on a chain that comes first', async () => {
    const { device, account } = await createOwner('trapped')
    await sendCalls(account, { chainId: chainB, calls })
    await setTrap(account.credential, account.genesis.handle)
    expect((await signIn(configFor(stack, device))).address).toBe(account.address)
  })

  test('before the owner has used his own anywhere', async () => {
    const { device, account } = await createOwner('trapped early')
    await setTrap(account.credential, account.genesis.handle)
    expect((await signIn(configFor(stack, device))).address).toBe(account.address)
  })

  test('with a passkey that joined later', async () => {
    const { account } = await createOwner('trapped later')
    const laptop = createDevice('trapped laptop')
    const parameters = { name: 'Laptop', credentials: laptop.credentials, chainIds: [chainB] }
    const { credential } = (await addPasskey(account, parameters)).account
    await setTrap(credential, account.genesis.handle)
    await setTrap(credential, keccak256(toHex('another handle')))
    expect((await signIn(configFor(stack, laptop))).address).toBe(account.address)
  })

  test('nor in what is no account of ours, and it does not stand in the way', async () => {
    const { account } = await createOwner('listed elsewhere')
    const guardians = [walletGuardian(stack.accounts.guardian.address)]
    await (await planRecovery(account, { guardians, preset: 'simple', allowInstantSingle: true })).apply()
    const config = configFor(stack, createDevice('listed tablet'))
    const request = await startRecovery(config, { account: account.address, name: 'Ada' })
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    const { credential } = request.toAccount()
    const { passkeyValidator } = stackContracts(stack)
    const installData = encodeInstall(credential)
    await sendAsStranger(
      passkeyValidator,
      encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'onInstall', args: [installData] }),
    )
    expect((await signIn(config)).address).toBe(account.address)
  })
})
