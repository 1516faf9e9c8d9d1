import {
  addPasskey,
  createPasskeyAccount,
  encodePolicy,
  listPasskeys,
  removePasskey,
  sendCalls,
  sendCallsOnChains,
  signIn,
  signMessage,
  signTypedData,
  sortGuardians,
  toSmartAccount,
} from '@rekey/sdk'
import { startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { createWalletClient, hashMessage, hashTypedData, http } from 'viem'
import { readContract } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, stackChain } from '../../scripts/stack/client.ts'
import { createOwner } from '../stories/support/owner.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee13', value: 1n }] as const
/** This passkey does not sign for the account on that chain. */
const cannotSign = { code: 'ACCOUNT_PASSKEY_CANNOT_SIGN' }

describe('passkeys', () => {
  test('are added on both chains with one owner prompt, listed and used', async () => {
    const { device, account } = await createOwner(stack, 'phone')
    const laptop = createDevice('laptop')
    const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials })
    expect(added.results.map(({ status }) => status)).toEqual(['done', 'done'])
    expect([device.prompts(), laptop.prompts()]).toEqual([2, 2])

    const { chains, differing } = await listPasskeys(account)
    expect(differing).toEqual([])
    for (const chain of chains)
      expect(
        'passkeys' in chain && chain.passkeys.map(({ isProven, known }) => [isProven, known?.credentialId]),
      ).toEqual([
        [true, account.credential.id],
        [true, added.account.credential.id],
      ])

    const onLaptop = await signIn(configFor(stack, laptop))
    expect(onLaptop.address).toBe(account.address)
    expect((await sendCalls(onLaptop, { chainId: chainB, calls })).success).toBe(true)
  })

  test('[213] one whose removal has not arrived is shown as open there, and shut when it is delivered again', async () => {
    const { account } = await createOwner(stack, 'behind')
    const laptop = createDevice('behind laptop')
    const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials })
    const onLaptop = await signIn(configFor(stack, laptop))

    const { commitment } = added
    expect((await removePasskey(account, { commitment, chainIds: [chainA] })).map(({ status }) => status)).toEqual([
      'done',
    ])
    expect((await listPasskeys(account)).differing).toHaveLength(1)
    await expect(sendCalls(onLaptop, { chainId: chainA, calls })).rejects.toMatchObject(cannotSign)
    expect((await sendCalls(onLaptop, { chainId: chainB, calls })).success).toBe(true)

    expect((await removePasskey(account, { commitment })).map(({ status }) => status)).toEqual(['skipped', 'done'])
    expect((await listPasskeys(account)).differing).toEqual([])
    await expect(sendCalls(onLaptop, { chainId: chainB, calls })).rejects.toMatchObject(cannotSign)
    await expect(removePasskey(account, { commitment })).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY_NOT_FOUND' })
    await expect(signIn(configFor(stack, laptop))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY_REMOVED' })
  })

  test('the last one stays, and nobody is asked', async () => {
    const { device, account } = await createOwner(stack, 'last')
    await sendCalls(account, { chainId: chainA, calls })
    const prompts = device.prompts()
    const [chain] = (await listPasskeys(account)).chains
    const commitment = chain && 'passkeys' in chain ? chain.passkeys[0]?.commitment : undefined
    if (!commitment) throw new Error('The account has no passkey.')
    await expect(removePasskey(account, { commitment })).rejects.toMatchObject({ code: 'ACCOUNT_LAST_PASSKEY' })
    expect(device.prompts()).toBe(prompts)
  })

  test('find an account that no chain has seen', async () => {
    const { account, config } = await createOwner(stack, 'unused')
    expect((await signIn(config)).address).toBe(account.address)
  })

  test('sign messages that the account accepts by ERC-1271 alone, once it is set up', async () => {
    const { account, config } = await createOwner(stack, 'message')
    const message = 'Hello'
    await sendCalls(account, { chainId: chainA, calls })
    const signature = await signMessage(account, { chainId: chainA, message })
    const abi = [
      {
        type: 'function',
        name: 'isValidSignature',
        stateMutability: 'view',
        inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
        outputs: [{ type: 'bytes4' }],
      },
    ] as const
    const [chain] = config.chains
    if (!chain) throw new Error('There is no chain.')
    const call = { address: account.address, abi, functionName: 'isValidSignature' } as const
    expect(await readContract(chain.client, { ...call, args: [hashMessage(message), signature] })).toBe('0x1626ba7e')
    expect(await readContract(chain.client, { ...call, args: [hashMessage('Other'), signature] })).toBe('0xffffffff')

    const typedData = {
      domain: { name: 'Mail', chainId: chainA },
      types: { Mail: [{ name: 'contents', type: 'string' }] },
      primaryType: 'Mail',
      message: { contents: 'Hello' },
    } as const
    const typed = await signTypedData(account, { chainId: chainA, typedData })
    expect(await readContract(chain.client, { ...call, args: [hashTypedData(typedData), typed] })).toBe('0x1626ba7e')
    const other = hashTypedData({ ...typedData, message: { contents: 'Other' } })
    expect(await readContract(chain.client, { ...call, args: [other, typed] })).toBe('0xffffffff')
  })

  test('find the account from a new device to which the passkey was synced', async () => {
    const { device, account } = await createOwner(stack, 'synced')
    await sendCalls(account, { chainId: chainA, calls })
    const tablet = createDevice('tablet')
    tablet.authenticator.importPasskeys(device.authenticator.exportPasskeys())
    const onTablet = await signIn(configFor(stack, tablet))
    expect(tablet.prompts()).toBe(1)
    expect(onTablet.toJSON()).toEqual(account.toJSON())
    expect((await sendCalls(onTablet, { chainId: chainB, calls })).success).toBe(true)
  })

  test('send on both chains with one prompt; a chain whose calls revert hides nothing of the other', async () => {
    const { device, account } = await createOwner(stack, 'both')
    const prompts = device.prompts()
    const seen: number[] = []
    const [onA, onB] = await sendCallsOnChains(account, {
      batches: [
        { chainId: chainA, calls },
        { chainId: chainB, calls: [{ to: account.address, data: '0x12345678' }] },
      ],
      onProgress: ({ chainId }) => seen.push(chainId),
    })
    expect(device.prompts()).toBe(prompts + 1)
    expect([onA?.status, onB?.status]).toEqual(['done', 'failed'])
    expect(onA?.transactionHash).toMatch(/^0x/)
    expect(onB?.error?.code).toBe('USEROP_REJECTED')
    expect(seen.toSorted((a, b) => a - b)).toEqual([chainA, chainB])
  })

  test('an account whose address commits to guardians is created at once, and recovered where it was never used', async () => {
    const device = createDevice('genesis policy')
    const config = configFor(stack, device)
    const policy = encodePolicy({
      salt: `0x${'5a'.repeat(32)}`,
      allowsInstantSingle: true,
      windowHours: 48,
      freezeHours: 0,
      tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }],
      guardians: sortGuardians([walletGuardian(stack.accounts.guardian.address)]),
    })
    const account = await createPasskeyAccount(config, { name: 'Ada', policy })
    expect((await listPasskeys(account)).chains.map((chain) => 'isSetUp' in chain && chain.isSetUp)).toEqual([
      true,
      false,
    ])
    const request = await startRecovery(configFor(stack, createDevice('genesis policy, new')), {
      account: account.address,
      name: 'Ada again',
      chainIds: [chainA],
    })
    await request.approve({ wallet: stack.accounts.guardian })
    expect((await request.submit()).map(({ chainId, status }) => [chainId, status])).toEqual([[chainA, 'done']])
    await fund(stack, account)
    expect((await sendCalls(request.toAccount(), { chainId: chainA, calls })).success).toBe(true)

    const { chains, differing } = await listPasskeys(request.toAccount(), { chainIds: [chainA] })
    const [listed] = chains.flatMap((chain) => ('passkeys' in chain ? chain.passkeys : []))
    expect(listed?.known).toMatchObject({ credentialId: undefined, credential: request.recovery.credential })
    expect(differing).toEqual([])
  })
})

describe('bad input', () => {
  test('[238] an RPC of another chain is noticed before anything is signed', async () => {
    const { device, account } = await createOwner(stack, 'wrong chain')
    const prompts = device.prompts()
    const config = configFor(stack, device, {
      chains: [
        {
          chain: stackChain(chainA, ''),
          rpc: http(stack.chain(1).rpcUrl),
          bundler: http(stack.chain(1).bundlerUrl ?? ''),
        },
      ],
    })
    await expect(sendCalls({ ...account, config }, { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'CHAIN_WRONG_ID',
    })
    expect(device.prompts()).toBe(prompts)
  })

  test('no bundler, no funds, a cancelled prompt: each has its name, and nothing is sent', async () => {
    const device = createDevice('bad luck')
    const config = configFor(stack, device)
    const account = await createPasskeyAccount(config, { name: 'Ada' })
    await expect(sendCalls(account, { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'USEROP_INSUFFICIENT_FUNDS',
    })
    await fund(stack, account)
    const [a] = stack.chains
    if (!a) throw new Error('There is no chain.')
    const alone = configFor(stack, device, { chains: [{ chain: stackChain(chainA, a.rpcUrl), rpc: http(a.rpcUrl) }] })
    await expect(sendCalls({ ...account, config: alone }, { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'CHAIN_BUNDLER_MISSING',
    })
    device.authenticator.misbehave({ cancels: true })
    await expect(sendCalls(account, { chainId: chainA, calls })).rejects.toMatchObject({
      name: 'WebAuthn.NotAllowedError',
    })
    device.authenticator.misbehave()
    expect((await listPasskeys(account)).chains.map((chain) => 'passkeys' in chain && chain.isSetUp)).toEqual([
      false,
      false,
    ])
  })

  test('a stranger who creates the account while the prompt is open is noticed', async () => {
    const { device, account } = await createOwner(stack, 'stranger first')
    const smartAccount = await toSmartAccount(account, { chainId: chainA })
    const { factory, factoryData } = await smartAccount.getFactoryArgs()
    const [a] = stack.chains
    if (!a || !factory) throw new Error('There is no chain.')
    const wallet = createWalletClient({
      account: stack.accounts.stranger,
      chain: stackChain(chainA, a.rpcUrl),
      transport: http(a.rpcUrl),
    })
    const config = configFor(stack, {
      credentials: {
        create: device.credentials.create,
        get: async (options) => {
          await wallet.sendTransaction({ to: factory, ...(factoryData && { data: factoryData }) })
          return device.credentials.get(options)
        },
      },
    })
    await expect(sendCalls({ ...account, config }, { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'USEROP_ACCOUNT_CREATED',
    })
    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  })
})
