import { createPasskeyAccount, type PasskeyAccount, type RekeyConfig } from '@rekey/sdk'
import {
  exportKit,
  type RecoveryKit,
  type RecoverySheet,
  readKit,
  readSheet,
  recoveryFromKit,
  toKitHtml,
  toKitJson,
  toKitText,
  toSheetText,
} from '@rekey/sdk/kit'
import { hideGuardian, planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { getCode } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB, fund } from '../integration/support/sdkStack.ts'
import { createGuardedOwner, createOwner, day, expectSends, outcomesOf, walletPolicy } from './support/owner.ts'
import { silentDevice } from './support/silent.ts'

/** From paper to a transaction by the new passkey on both chains, with nodes that tell no events. */
async function recoverFrom(kit: RecoveryKit | RecoverySheet, config: RekeyConfig): Promise<PasskeyAccount> {
  const request = await startRecovery(config, { ...recoveryFromKit(kit), name: 'Owner, new phone' })
  await request.approve({ wallet: stack.accounts.guardian })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
  const account = request.toAccount()
  await expectSends(account)
  return account
}

describe('an owner has lost every device, and has the kit', () => {
  test('as a page in a drawer: no node tells events, and the account is back on both chains', async () => {
    const owner = await createGuardedOwner(stack, 'drawer')
    const guardians = [{ signer: stack.accounts.guardian.address, name: 'Grace' }]
    const { kit, unread } = await exportKit(owner.account, { name: 'ada', guardians })
    expect(unread).toEqual([])
    expect(kit.policies).toMatchObject([{ chainIds: [chainA, chainB] }])
    const page = toKitHtml(kit)
    expect(page).toContain('Grace: wallet')

    const { config } = silentDevice(stack, 'drawer, again')
    await expect(
      startRecovery(config, { account: owner.account.address, genesis: owner.account.genesis, name: 'Owner' }),
    ).rejects.toMatchObject({ code: 'RECOVERY_NO_POLICY' })
    const found = readKit(page, { contracts: config.contracts, account: owner.account.address })
    await recoverFrom(found, config)
  })

  test('which is the only place that knows who the hidden guardian is', async () => {
    const hidden = hideGuardian(walletGuardian(stack.accounts.guardian.address))
    const owner = await createGuardedOwner(stack, 'hidden', { guardians: [hidden] })
    const { kit } = await exportKit(owner.account, { guardians: [hidden] })
    const { config } = silentDevice(stack, 'hidden, again')
    const found = readKit(JSON.stringify(toKitJson(kit)), { contracts: config.contracts })
    const request = await startRecovery(config, { ...recoveryFromKit(found), name: 'Owner, new phone' })
    const wallet = stack.accounts.guardian
    await expect(request.approve({ wallet })).rejects.toMatchObject({ code: 'RECOVERY_NOT_A_GUARDIAN' })
    await request.approve({ wallet, reveals: found.guardians.flatMap(({ reveal }) => reveal ?? []) })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('as a QR code on a card', async () => {
    const owner = await createGuardedOwner(stack, 'card')
    const { kit } = await exportKit(owner.account)
    const { config } = silentDevice(stack, 'card, again')
    await recoverFrom(readSheet(toSheetText(kit), { contracts: config.contracts }), config)
  })

  test('made before the account was on the second chain: its genesis creates it there with its guardians', async () => {
    const device = createDevice('one chain')
    const owner = configFor(stack, device)
    const account = await createPasskeyAccount(owner, { name: 'Owner', policy: walletPolicy(stack) })
    await fund(stack, account)
    const { kit } = await exportKit(account)
    expect(kit.policies).toMatchObject([{ chainIds: [chainA] }])
    const [, second] = owner.chains
    expect(second && (await getCode(second.client, { address: account.address }))).toBeUndefined()

    const { config } = silentDevice(stack, 'one chain, again')
    await recoverFrom(readKit(toKitText(kit), { contracts: config.contracts }), config)
    expect(second && (await getCode(second.client, { address: account.address }))).toBeDefined()
  })

  test('of another account: nothing is begun', async () => {
    const [one, other] = [await createOwner(stack, 'one'), await createOwner(stack, 'other')]
    const { kit } = await exportKit(one.account)
    expect(() => readKit(toKitText(kit), { contracts: one.config.contracts, account: other.account.address })).toThrow(
      expect.objectContaining({ code: 'KIT_ACCOUNT' }),
    )
  })
})

test('a kit made while a chain is down says so, and one made before a change does no harm after it', async () => {
  const owner = await createGuardedOwner(stack, 'change')
  await stack.chain(1).stop()
  const partly = await exportKit(owner.account)
  await stack.chain(1).start()
  expect(partly.unread).toMatchObject([{ chainId: chainB, error: { code: 'CHAIN_UNREACHABLE' } }])
  expect(partly.kit.policies).toMatchObject([{ chainIds: [chainA] }])

  const fresh = await createOwner(stack, 'before')
  const before = await exportKit(fresh.account)
  expect(before.kit.policies).toEqual([])
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const plan = await planRecovery(fresh.account, { guardians, preset: 'simple' })
  const during = await exportKit(fresh.account, { policies: [plan.bytes] })
  expect(during.kit.policies).toMatchObject([{ bytes: plan.bytes.toLowerCase(), chainIds: [] }])
  await plan.apply()
  const { config } = silentDevice(stack, 'before, again')
  const start = (kit: RecoveryKit) => startRecovery(config, { ...recoveryFromKit(kit), name: 'Owner' })
  await expect(start(before.kit)).rejects.toMatchObject({ code: 'RECOVERY_NO_POLICY' })
  // Bytes of another account's policy are no one's way in.
  await expect(start({ ...before.kit, policies: partly.kit.policies })).rejects.toMatchObject({
    code: 'RECOVERY_NO_POLICY',
  })
  await recoverFrom(during.kit, config)
})
