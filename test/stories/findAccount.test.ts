import { createPasskeyAccount, findAccount, sendCalls } from '@rekey/sdk'
import { exportKit, toKitJson, toKitText, toSheetText } from '@rekey/sdk/kit'
import { startRecovery } from '@rekey/sdk/recovery'
import { type Address, getAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB } from '../integration/support/sdkStack.ts'
import {
  begin,
  calls,
  createGuardedOwner,
  createOwner,
  day,
  expectSends,
  type Owner,
  outcomesOf,
  walletPolicy,
} from './support/owner.ts'
import { silentDevice } from './support/silent.ts'

/** Somebody recovers the owner's account on another device. */
async function recoverElsewhere({ account }: Owner, seed: string): Promise<void> {
  const { request } = await begin(stack, account, seed)
  await request.approve({ wallet: stack.accounts.guardian })
  await request.submit()
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
}

const onBoth = (what: object) => [
  { chainId: chainA, ...what },
  { chainId: chainB, ...what },
]

describe('an account is found', () => {
  test('by a passkey that works', async () => {
    const { account, config } = await createGuardedOwner(stack, 'works')
    const found = await findAccount(config, { by: 'passkey' })
    expect(found).toMatchObject({
      address: account.address,
      canRecover: true,
      passkey: { state: 'works', account: { address: account.address } },
      chains: onBoth({ isSetUp: true, hasGuardians: true }),
    })
    if (found.passkey?.state === 'works') await expectSends(found.passkey.account)
  })

  test('by a passkey that is in its provider and not on the account any more, and is recovered from there', async () => {
    const owner = await createGuardedOwner(stack, 'removed')
    await recoverElsewhere(owner, 'removed, elsewhere')
    const found = await findAccount(owner.config, { by: 'passkey' })
    expect(found).toMatchObject({
      address: owner.account.address,
      canRecover: true,
      passkey: { state: 'removed', credentialId: owner.account.credential.id },
    })
    const request = await startRecovery(owner.config, { ...found.recovery, name: 'Owner, again' })
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
    // The device has both passkeys now; the one that the recovery made is the newer.
    expect(await findAccount(owner.config, { by: 'passkey' })).toMatchObject({ passkey: { state: 'works' } })
  })

  test('by its address, which some chain must know', async () => {
    const { account, config } = await createOwner(stack, 'address')
    const address = account.address.toLowerCase() as Address
    await expect(findAccount(config, { by: 'address', address })).rejects.toMatchObject({ code: 'ACCOUNT_ABSENT' })
    await sendCalls(account, { chainId: chainA, calls })
    expect(await findAccount(config, { by: 'address', address })).toMatchObject({
      address: account.address,
      canRecover: false,
      chains: [
        { chainId: chainA, isSetUp: true, hasGuardians: false },
        { chainId: chainB, isSetUp: false, hasGuardians: false },
      ],
    })
    await stack.chain(0).stop()
    await expect(findAccount(config, { by: 'address', address })).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    await stack.chain(0).start()
  })

  test('by its kit and by the QR code of its sheet, although no chain has it and no node tells events', async () => {
    const account = await createPasskeyAccount(configFor(stack, createDevice('paper')), {
      name: 'Owner',
      policy: walletPolicy(stack),
    })
    const { kit } = await exportKit(account)
    const { config } = silentDevice(stack, 'paper, again')
    for (const paper of [
      toKitJson(kit),
      toKitText(kit),
      toSheetText(kit),
      toSheetText(kit, 'https://auth.example.com/recover'),
    ])
      expect(await findAccount(config, { by: 'kit', kit: paper })).toMatchObject({
        address: account.address,
        canRecover: true,
      })
    const expected = getAddress(`0x${'12'.repeat(20)}`)
    await expect(findAccount(config, { by: 'kit', kit: toSheetText(kit), expected })).rejects.toMatchObject({
      code: 'KIT_ACCOUNT',
      seen: account.address,
    })
  })
})

describe('a name', () => {
  test('is shown with the address, and looked up on the chains before anything is done with it', async () => {
    const { account, device } = await createGuardedOwner(stack, 'name')
    const asked: string[] = []
    const resolveName = async (name: string) => {
      asked.push(name)
      return name === 'ada' ? account.address : undefined
    }
    const config = configFor(stack, device, { resolveName })
    const before = device.prompts()
    expect(await findAccount(config, { by: 'name', name: 'ada' })).toMatchObject({
      name: 'ada',
      address: account.address,
      canRecover: true,
      recovery: { account: account.address },
    })
    await expect(findAccount(config, { by: 'name', name: 'eve' })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' })
    expect(asked).toEqual(['ada', 'eve'])
    expect(device.prompts()).toBe(before)
  })

  test('that leads to another account, or to none, is refused', async () => {
    const [ada, eve] = [await createGuardedOwner(stack, 'ada'), await createGuardedOwner(stack, 'eve')]
    let answer: Address = eve.account.address
    const config = configFor(stack, ada.device, { resolveName: async () => answer })
    await expect(findAccount(config, { by: 'name', name: 'ada', expected: ada.account.address })).rejects.toMatchObject(
      { code: 'NAME_MISMATCH', resolved: eve.account.address, expected: ada.account.address },
    )
    answer = stack.accounts.stranger.address
    await expect(findAccount(config, { by: 'name', name: 'ada' })).rejects.toMatchObject({ code: 'ACCOUNT_ABSENT' })
  })
})
