import {
  accountAddress,
  addPasskey,
  createPasskeyAccount,
  encodePolicy,
  getAccount,
  listPasskeys,
  type PasskeyAccount,
  removePasskey,
  sendCalls,
  signMessage,
  signTypedData,
  sortGuardians,
  toSmartAccount,
} from '@rekey/sdk'
import { passkeyValidatorAbi, rekeyAccountFactoryAbi } from '@rekey/sdk/abis'
import { planRecovery, type RecoveryRequest, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { credentialCommitment } from '@rekey/sdk/webauthn'
import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  encodeFunctionResult,
  type Hex,
  http,
  isErc6492Signature,
  parseErc6492Signature,
  serializeErc6492Signature,
  slice,
  toFunctionSelector,
  zeroHash,
} from 'viem'
import { getBlockNumber, getCode, verifyMessage, verifyTypedData, waitForTransactionReceipt } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { configFor, createDevice, stackChain } from '../../scripts/stack/client.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const message = 'Sign in to example.com'
const typedData = {
  domain: { name: 'Mail', chainId: chainA },
  types: { Mail: [{ name: 'contents', type: 'string' }] },
  primaryType: 'Mail',
  message: { contents: 'Hello' },
} as const
const calls = [{ to: '0x00000000000000000000000000000000000fee15', value: 1n }] as const
const cannotSign = { code: 'ACCOUNT_PASSKEY_CANNOT_SIGN' }
async function createOwner(seed: string, policy?: Hex) {
  const device = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada', policy })
  await fund(stack, account)
  return { device, account }
}

function clientOf({ config }: PasskeyAccount, chainId: number) {
  const chain = config.chains.find(({ id }) => id === chainId)
  if (!chain) throw new Error(`There is no chain ${chainId}.`)
  return chain.client
}

/** The verdict of viem's universal validator, as an app would ask for it. */
function accepts(account: PasskeyAccount, signature: Hex, changes: { chainId?: number; text?: string } = {}) {
  const { chainId = chainA, text = message } = changes
  return verifyMessage(clientOf(account, chainId), { address: account.address, message: text, signature })
}

function acceptsTyped(account: PasskeyAccount, signature: Hex, contents = 'Hello') {
  const { address } = account
  return verifyTypedData(clientOf(account, chainA), { ...typedData, message: { contents }, address, signature })
}

function strangerOn(chain: number) {
  const { chainId, rpcUrl } = stack.chain(chain)
  const { stranger } = stack.accounts
  return createWalletClient({ account: stranger, chain: stackChain(chainId, rpcUrl), transport: http(rpcUrl) })
}

/** The factory's call for this account, as a stranger would write it from the ABI. */
function creation({ config, genesis }: PasskeyAccount): Hex {
  const { credential, credentialId, policy, handle } = genesis
  const args = [config.contracts.implementation, credential, credentialId, policy, handle] as const
  const data = encodeFunctionData({ abi: rekeyAccountFactoryAbi, functionName: 'createAndSetup', args })
  return data.toLowerCase() as Hex
}

async function bareCreation(account: PasskeyAccount) {
  const { factory, factoryData } = await (await toSmartAccount(account, { chainId: chainA })).getFactoryArgs()
  if (!factory || !factoryData) throw new Error('The account is there already.')
  return { to: factory, data: factoryData }
}

/** A stranger creates the account on chain A and does not set it up. */
async function createBare(account: PasskeyAccount): Promise<void> {
  const hash = await strangerOn(0).sendTransaction(await bareCreation(account))
  await waitForTransactionReceipt(clientOf(account, chainA), { hash, pollingInterval: 50 })
  expect(await getCode(clientOf(account, chainA), { address: account.address })).toBeDefined()
  expect((await listPasskeys(account, { chainIds: [chainA] })).chains).toMatchObject([{ isSetUp: false }])
}

/** Another account of the same passkey. */
function sibling({ config, genesis, credential }: PasskeyAccount): PasskeyAccount {
  const { factory, implementation } = config.contracts
  const handle = `0x${'0b'.repeat(32)}` as const
  const commitment = credentialCommitment(genesis.credential)
  const address = accountAddress({ factory, implementation, credential: commitment, policy: zeroHash, handle })
  return getAccount(config, { address, genesis: { ...genesis, handle }, credential })
}

describe('a signature from before the set-up', () => {
  test('[200] is accepted before the account is created, after a bare creation and after the set-up', async () => {
    const { device, account } = await createOwner('before')
    const client = clientOf(account, chainA)
    const smartAccount = await toSmartAccount(account, { chainId: chainA })
    const signAll = async () => ({
      messages: [await signMessage(account, { chainId: chainA, message }), await smartAccount.signMessage({ message })],
      typed: [
        await signTypedData(account, { chainId: chainA, typedData }),
        await smartAccount.signTypedData(typedData),
      ],
    })
    const expectAccepted = async ({ messages, typed }: Awaited<ReturnType<typeof signAll>>) => {
      for (const signature of messages) {
        expect(await accepts(account, signature)).toBe(true)
        expect(await accepts(account, signature, { text: 'Other' })).toBe(false)
      }
      for (const signature of typed) {
        expect(await acceptsTyped(account, signature)).toBe(true)
        expect(await acceptsTyped(account, signature, 'Other')).toBe(false)
      }
    }
    const expectWrapped = ({ messages, typed }: Awaited<ReturnType<typeof signAll>>) => {
      for (const signature of [...messages, ...typed]) {
        const wrapper = parseErc6492Signature(signature)
        expect(wrapper).toMatchObject({ address: account.config.contracts.factory, data: creation(account) })
        expect(isErc6492Signature(wrapper.signature)).toBe(false)
      }
    }

    const prompts = device.prompts()
    const block = await getBlockNumber(client)
    const before = await signAll()
    expect(device.prompts()).toBe(prompts + 4)
    expectWrapped(before)
    await expectAccepted(before)
    expect(await getCode(client, { address: account.address })).toBeUndefined()
    expect(await getBlockNumber(client)).toBe(block)

    await createBare(account)
    const bare = await signAll()
    expectWrapped(bare)
    for (const signatures of [before, bare]) await expectAccepted(signatures)
    expect((await listPasskeys(account, { chainIds: [chainA] })).chains).toMatchObject([{ isSetUp: false }])

    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
    const after = await signAll()
    expect([...after.messages, ...after.typed].map((signature) => isErc6492Signature(signature))).not.toContain(true)
    for (const signatures of [before, bare, after]) await expectAccepted(signatures)
  })

  test("[200] carries the first policy's bytes, and holds on its own chain only", async () => {
    const policy = encodePolicy({
      salt: `0x${'5b'.repeat(32)}`,
      allowsInstantSingle: true,
      windowHours: 48,
      freezeHours: 0,
      tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }],
      guardians: sortGuardians([walletGuardian(stack.accounts.guardian.address)]),
    })
    const { account } = await createOwner('with a policy', policy)
    const signature = await signMessage(account, { chainId: chainB, message })
    expect(parseErc6492Signature(signature).data).toBe(creation(account))
    expect(await accepts(account, signature, { chainId: chainB })).toBe(true)
    expect(await accepts(account, signature, { chainId: chainA })).toBe(false)
  })

  test('[200] is refused under another factory, genesis or address, and when it only creates the account', async () => {
    const { account } = await createOwner('refused')
    const { factory } = account.config.contracts
    const other = sibling(account)
    const stranger = (await createOwner('a stranger')).account
    const otherFactory = await deployFactory(account)

    const signature = await signMessage(account, { chainId: chainA, message })
    const inner = parseErc6492Signature(signature).signature
    const wrap = (address: Address, data: Hex) => serializeErc6492Signature({ address, data, signature: inner })
    const wrong: Record<string, Hex> = {
      'another factory': wrap(otherFactory, creation(account)),
      'no contract as the factory': wrap(stack.accounts.stranger.address, creation(account)),
      'a genesis of another handle': wrap(factory, creation(other)),
      'a genesis of another passkey': wrap(factory, creation(stranger)),
      'another policy': wrap(factory, creation({ ...account, genesis: { ...account.genesis, policy: '0x00' } })),
      'a creation without set-up': wrap(factory, (await bareCreation(account)).data),
      'no wrapper': inner,
      'a wrapper twice': serializeErc6492Signature({ address: factory, data: creation(account), signature }),
    }
    const expectRefused = async () => {
      expect(wrap(factory, creation(account))).toBe(signature)
      expect(await accepts(account, signature)).toBe(true)
      for (const [name, changed] of Object.entries(wrong)) expect(await accepts(account, changed), name).toBe(false)
      // The same passkey owns the other account; the stranger's has the same message signed.
      expect(await accepts(other, signature)).toBe(false)
      expect(await accepts(other, wrap(factory, creation(other)))).toBe(false)
      expect(await accepts(stranger, wrap(factory, creation(stranger)))).toBe(false)
      expect(await accepts(other, await signMessage(other, { chainId: chainA, message }))).toBe(true)
    }
    await expectRefused()
    await createBare(account)
    await expectRefused()
  })

  test('[200] is refused once its passkey is removed, also when another one is in its place', async () => {
    const { device, account } = await createOwner('removed')
    const early = await signMessage(account, { chainId: chainA, message })
    const laptop = createDevice('removed, laptop')
    const chainIds = [chainA]
    const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials, chainIds })
    const onLaptop = { ...added.account, config: configFor(stack, laptop) }
    expect(await accepts(account, early)).toBe(true)
    const [chain] = (await listPasskeys(account, { chainIds })).chains
    const first = chain && 'passkeys' in chain ? chain.passkeys.find(({ index }) => index === 0) : undefined
    if (!first) throw new Error('The account has no passkey at its first place.')

    await removePasskey(onLaptop, { commitment: first.commitment, chainIds })
    expect(await accepts(account, early)).toBe(false)
    const prompts = device.prompts()
    await expect(signMessage(account, { chainId: chainA, message })).rejects.toMatchObject(cannotSign)
    expect(device.prompts()).toBe(prompts)

    const tablet = createDevice('removed, tablet')
    await addPasskey(onLaptop, { name: 'Tablet', credentials: tablet.credentials, chainIds })
    expect((await listPasskeys(onLaptop, { chainIds })).chains).toMatchObject([
      { passkeys: [{ index: 0 }, { index: 1 }] },
    ])
    expect(await accepts(account, early)).toBe(false)
    expect(await accepts(account, await signMessage(onLaptop, { chainId: chainA, message }))).toBe(true)
    // On chain B nothing has happened: only the passkey of the genesis signs there.
    await expect(signMessage(onLaptop, { chainId: chainB, message })).rejects.toMatchObject(cannotSign)
  })

  test("[200] is no guardian's approval, also when a node changes its mind about the set-up", async () => {
    const { account, device } = await createOwner('guardian')
    const request = await beginGuardedBy(account)
    const approval = {
      index: 0,
      signature: await signTypedData(account, { chainId: chainA, typedData: request.typedData }),
    }
    const perChain = { index: 0, signatures: [{ chainId: chainA, signature: approval.signature }] }
    await expect(request.addApproval(approval)).rejects.toMatchObject({ code: 'RECOVERY_GUARDIAN_ABSENT' })
    await expect(request.addApproval(perChain)).rejects.toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL' })
    expect(request.approvals).toEqual([])

    /** Approves at a node that tells the truth from one read on; returns how it ended and how often it was asked. */
    const approveAt = async (firstTrueRead: number) => {
      let reads = 0
      const config = configBetween(stack, device, async ({ method, params }, pass) => {
        const isRead = method === 'eth_call' && JSON.stringify(params).includes(getCredentials)
        if (isRead) reads += 1
        return isRead && reads <= firstTrueRead ? asIfSetUp(account) : pass()
      })
      const before = device.prompts()
      const error: unknown = await request.approveWithAccount({ ...account, config }).catch((thrown: unknown) => thrown)
      return { code: error instanceof Error && Reflect.get(error, 'code'), prompts: device.prompts() - before, reads }
    }
    const fooled = await approveAt(Number.POSITIVE_INFINITY)
    expect(fooled).toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL', prompts: 1 })
    expect(fooled.reads).toBeGreaterThan(0)
    for (let read = 0; read < fooled.reads; read++)
      expect(await approveAt(read)).toMatchObject({ code: 'ACCOUNT_NOT_SET_UP', prompts: 0 })
  })
})

/** A recovery on chain A of an account that has the given one as its guardian. */
async function beginGuardedBy(guardian: PasskeyAccount): Promise<RecoveryRequest> {
  const { account } = await createOwner('guarded')
  await (await planRecovery(account, { guardians: [walletGuardian(guardian.address)], preset: 'simple' })).apply()
  const config = configFor(stack, createDevice('guarded, new'))
  return startRecovery(config, { account: account.address, name: 'Ada again', chainIds: [chainA] })
}

const getCredentials = toFunctionSelector('getCredentials(address)')

/** What the chain would say if the account had its first passkey. */
function asIfSetUp({ genesis }: PasskeyAccount): Hex {
  const commitment = slice(credentialCommitment(genesis.credential), 8)
  const result = [[0], [commitment], [true]] as const
  return encodeFunctionResult({ abi: passkeyValidatorAbi, functionName: 'getCredentials', result })
}

async function deployFactory(account: PasskeyAccount): Promise<Address> {
  const { abi, bytecode } = readArtifact('RekeyAccountFactory')
  const hash = await strangerOn(0).deployContract({ abi, bytecode })
  const client = clientOf(account, chainA)
  const { contractAddress } = await waitForTransactionReceipt(client, { hash, pollingInterval: 50 })
  if (!contractAddress) throw new Error('The factory was not deployed.')
  return contractAddress
}
