import {
  addPasskey,
  createPasskeyAccount,
  listPasskeys,
  type PasskeyAccount,
  removePasskey,
  sendCalls,
  signIn,
} from '@rekey/sdk'
import { passkeyValidatorAbi } from '@rekey/sdk/abis'
import { planRecovery, type StartRecoveryParameters, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { credentialCommitment, toCredential } from '@rekey/sdk/webauthn'
import { encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device } from '../../scripts/stack/client.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee17', value: 1n }] as const
const alreadyHere = { code: 'WEBAUTHN_ALREADY_REGISTERED' }
/** An account on a phone, whose guardian may recover it at once. */
async function createOwner(seed: string) {
  const phone = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, phone), { name: 'Ada' })
  await fund(stack, account)
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const plan = await planRecovery(account, { guardians, preset: 'simple', allowInstantSingle: true })
  expect((await plan.apply()).map(({ status }) => status)).toEqual(['done', 'done'])
  return { phone, account }
}

async function addLaptop(account: PasskeyAccount, seed: string) {
  const laptop = createDevice(seed)
  const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials })
  return { laptop, onLaptop: { ...added.account, config: configFor(stack, laptop) }, commitment: added.commitment }
}

const begin = (device: Device, { address }: PasskeyAccount, options: Partial<StartRecoveryParameters> = {}) =>
  startRecovery(configFor(stack, device), { account: address, name: 'Ada again', ...options })

async function recover(device: Device, account: PasskeyAccount, options: Partial<StartRecoveryParameters> = {}) {
  const request = await begin(device, account, options)
  await request.approve({ wallet: stack.accounts.guardian })
  expect((await request.submit()).every(({ status }) => status === 'done')).toBe(true)
  return request.toAccount()
}

const held = ({ authenticator }: Device) => authenticator.exportPasskeys().map(({ id }) => id)

describe('[245] a recovery on a device that has a passkey of the account', () => {
  test('one that works: the device says so, and the passkey stays', async () => {
    const { phone, account } = await createOwner('works')
    await expect(begin(phone, account)).rejects.toMatchObject(alreadyHere)
    expect(held(phone)).toEqual([account.credential.id])
    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  })

  test('one that works and that its owner cannot use: the new one is made beside it when asked for', async () => {
    const { phone, account } = await createOwner('besides')
    const request = await begin(phone, account, { allowsSecondPasskey: true })
    expect(held(phone)).toEqual([account.credential.id, request.toAccount().credential.id])
    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  })

  test('one that was removed: the new one is made, recovers, and signs in', async () => {
    const { account } = await createOwner('removed')
    const { laptop, onLaptop, commitment } = await addLaptop(account, 'removed laptop')
    await removePasskey(account, { commitment })
    const recovered = await recover(laptop, account)
    expect(held(laptop)).toEqual([onLaptop.credential.id, recovered.credential.id])
    expect((await signIn(recovered.config)).toJSON()).toEqual(recovered.toJSON())
    expect((await sendCalls(recovered, { chainId: chainB, calls })).success).toBe(true)
  })

  test('one that works on another chain only: the new one is made, and the old one still sends there', async () => {
    const { phone, account } = await createOwner('elsewhere')
    await recover(createDevice('elsewhere, tablet'), account, { chainIds: [chainB] })
    for (const chainIds of [[chainB], undefined]) await begin(phone, account, { chainIds })
    expect(held(phone)).toHaveLength(3)
    expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  })

  test('one that came by a recovery, whose id no chain knows, stays when another recovery is begun', async () => {
    const { account } = await createOwner('twice')
    const tablet = createDevice('twice, tablet')
    const recovered = await recover(tablet, account)
    await begin(tablet, account)
    expect(held(tablet)).toHaveLength(2)
    expect((await sendCalls(recovered, { chainId: chainA, calls })).success).toBe(true)
  })
})

describe('[245] a passkey added on a device that has one of the account', () => {
  test('is refused, whichever passkey signs for it', async () => {
    const { phone, account } = await createOwner('adds')
    const { laptop, onLaptop } = await addLaptop(account, 'adds laptop')
    for (const [owner, device] of [
      [account, laptop],
      [onLaptop, phone],
      [account, phone],
    ] as const)
      await expect(addPasskey(owner, { name: 'Again', credentials: device.credentials })).rejects.toMatchObject(
        alreadyHere,
      )
    expect([held(phone), held(laptop)]).toEqual([[account.credential.id], [onLaptop.credential.id]])
  })

  test('takes the place of one that the account has no more', async () => {
    const { account } = await createOwner('replaces')
    const { laptop, commitment } = await addLaptop(account, 'replaces laptop')
    await removePasskey(account, { commitment })
    const again = await addPasskey(account, { name: 'Again', credentials: laptop.credentials })
    expect(held(laptop)).toEqual([again.account.credential.id])
  })

  test('replaces none while a chain does not answer, and signs in all the same', async () => {
    const { account } = await createOwner('silent')
    const { laptop, onLaptop, commitment } = await addLaptop(account, 'silent laptop')
    await removePasskey(account, { commitment, chainIds: [chainA] })
    const phone = { credentials: account.config.credentials ?? laptop.credentials }
    const config = configBetween(stack, phone, ({ chainId }, pass) =>
      chainId === chainB ? Promise.reject(new Error('down')) : pass(),
    )
    const parameters = { name: 'Again', credentials: laptop.credentials, chainIds: [chainA] }
    const again = await addPasskey({ ...account, config }, parameters)
    expect(again.results.map(({ status }) => status)).toEqual(['done'])
    expect(held(laptop)).toEqual([onLaptop.credential.id, again.account.credential.id])
    expect((await sendCalls(onLaptop, { chainId: chainB, calls })).success).toBe(true)
    expect((await signIn(onLaptop.config)).credential.id).toBe(again.account.credential.id)
  })
})

describe('signing in', () => {
  test('with the passkey of a recovery that no chain has executed finds no account, and asks once', async () => {
    const { account } = await createOwner('pending')
    const tablet = createDevice('pending, tablet')
    const request = await begin(tablet, account)
    const prompts = tablet.prompts()
    const missing = { code: 'ACCOUNT_NOT_FOUND' }
    await expect(signIn(request.toAccount().config)).rejects.toMatchObject(missing)
    await expect(signIn(request.toAccount().config, { address: account.address })).rejects.toMatchObject(missing)
    expect(tablet.prompts()).toBe(prompts + 2)
  })

  test('never ends in the account of a stranger who gave it the same handle and lists the passkey', async () => {
    const phone = createDevice('listed')
    const account = await createPasskeyAccount(configFor(stack, phone), { name: 'Ada' })
    await fund(stack, account)
    const laptop = createDevice('listed laptop')
    const parameters = { name: 'Laptop', credentials: laptop.credentials, chainIds: [chainB] }
    const { credential } = (await addPasskey(account, parameters)).account

    const config = configFor(stack, createDevice('stranger'))
    const trap = await createPasskeyAccount(config, { name: 'Eve', handle: account.genesis.handle })
    await fund(stack, trap)
    const args = [toCredential(credential), credential.id, '0x'] as const
    const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'addCredential', args })
    const list = { to: config.contracts.passkeyValidator, data }
    expect((await sendCalls(trap, { chainId: chainA, calls: [list] })).success).toBe(true)
    const [listed] = (await listPasskeys(trap, { chainIds: [chainA] })).chains
    expect(listed && 'passkeys' in listed ? listed.passkeys.map(({ known }) => known?.commitment) : []).toContain(
      credentialCommitment(toCredential(credential)),
    )

    expect((await signIn(configFor(stack, laptop))).address).toBe(account.address)
  })
})
