import { addPasskey, createPasskeyAccount, listPasskeys, type PasskeyAccount, sendCalls, signIn } from '@rekey/sdk'
import { loadRecovery, planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const calls = [{ to: '0x00000000000000000000000000000000000fee16', value: 1n }] as const
/** An account whose guardian may recover it at once. */
async function createOwner(seed: string, guardian: `0x${string}` = stack.accounts.guardian.address) {
  const device = createDevice(seed)
  const account = await createPasskeyAccount(configFor(stack, device), { name: 'Ada' })
  await fund(stack, account)
  const guardians = [walletGuardian(guardian)]
  const plan = await planRecovery(account, { guardians, preset: 'simple', allowInstantSingle: true })
  expect(plan.warnings).toEqual(['instantSingle', 'singleGuardian', 'thiefCanVeto'])
  expect((await plan.apply()).map(({ status }) => status)).toEqual(['done', 'done'])
  return { device, account }
}

const begin = ({ address }: PasskeyAccount, seed: string, options: { keep?: number; chainIds?: number[] } = {}) =>
  startRecovery(configFor(stack, createDevice(seed)), { account: address, name: 'Ada again', ...options })

const statuses = (results: readonly { status: string; error?: { code: string } | undefined }[]) =>
  results.map(({ status, error }) => error?.code ?? status)

describe('a recovery', () => {
  test('that keeps passkeys adds one; the old one still sends, and the new one signs in elsewhere', async () => {
    const { account } = await createOwner('keeper')
    const request = await begin(account, 'kept', { keep: 1 })
    expect((await request.diff()).map(({ removed }) => removed)).toEqual([[], []])
    await request.approve({ wallet: stack.accounts.guardian })
    expect(statuses(await request.submit())).toEqual(['done', 'done'])
    for (const either of [account, request.toAccount()])
      expect((await sendCalls(either, { chainId: chainB, calls })).success).toBe(true)
    const { chains } = await listPasskeys(account)
    expect(chains.map((chain) => 'passkeys' in chain && chain.passkeys.length)).toEqual([2, 2])
  })

  test('for one chain leaves the other as it is, and the difference is listed', async () => {
    const { account } = await createOwner('one chain')
    const request = await begin(account, 'only A', { chainIds: [chainA] })
    await request.approve({ wallet: stack.accounts.guardian })
    expect((await request.submit()).map(({ chainId, status }) => [chainId, status])).toEqual([[chainA, 'done']])
    expect((await sendCalls(account, { chainId: chainB, calls })).success).toBe(true)
    await expect(sendCalls(account, { chainId: chainA, calls })).rejects.toMatchObject({
      code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
    })
    expect((await listPasskeys(account)).differing).toHaveLength(2)
  })

  test('signs in with the new passkey from another device', async () => {
    const { account } = await createOwner('finds itself')
    const device = createDevice('finds itself, new')
    const config = configFor(stack, device)
    const request = await startRecovery(config, { account: account.address, name: 'Ada again' })
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    const tablet = createDevice('finds itself, tablet')
    tablet.authenticator.importPasskeys(device.authenticator.exportPasskeys())
    const found = await signIn(configFor(stack, tablet))
    expect(found.address).toBe(account.address)
    expect((await sendCalls(found, { chainId: chainA, calls })).success).toBe(true)
  })
})

describe('a guardian that is a Rekey account', () => {
  async function createGuardian(seed: string) {
    const device = createDevice(seed)
    const account = await createPasskeyAccount(configFor(stack, device), { name: 'Grace' })
    await fund(stack, account)
    return { device, account }
  }

  test('approves for both chains with one prompt of any of its passkeys', async () => {
    const guardian = await createGuardian('guardian account')
    for (const chainId of [chainA, chainB]) await sendCalls(guardian.account, { chainId, calls })
    const { account: onLaptop } = await addPasskey(guardian.account, {
      name: 'Laptop',
      credentials: createDevice('guardian laptop').credentials,
    })
    const laptop = createDevice('guardian laptop')
    const { account } = await createOwner('guarded', guardian.account.address)
    const request = await begin(account, 'guarded, new')

    const atGuardian = loadRecovery(onLaptop.config, request.toLink('https://example.com/g'))
    const prompts = guardian.device.prompts()
    const approval = await atGuardian.approveWithAccount(guardian.account)
    expect(guardian.device.prompts()).toBe(prompts + 1)
    expect(laptop.prompts()).toBe(0)
    expect('signatures' in approval && approval.signatures.map(({ chainId }) => chainId)).toEqual([chainA, chainB])
    await request.addApproval(approval)
    const resumed = loadRecovery(configFor(stack, createDevice('anywhere')), JSON.stringify(request))
    expect(statuses(await resumed.submit())).toEqual(['done', 'done'])
    expect((await sendCalls(request.toAccount(), { chainId: chainB, calls })).success).toBe(true)
  })

  test('has no vote on a chain where nobody can ask it, and its signature holds on its own chain only', async () => {
    const guardian = await createGuardian('guardian on A')
    const { account } = await createOwner('guarded on A', guardian.account.address)
    const request = await begin(account, 'guarded on A, new')
    await expect(request.approveWithAccount(guardian.account)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_SET_UP' })
    await sendCalls(guardian.account, { chainId: chainA, calls })
    const approval = await request.approveWithAccount(guardian.account)
    const moved = 'signatures' in approval ? approval.signatures.map((one) => ({ ...one, chainId: chainB })) : []
    await expect(request.addApproval({ index: 0, signatures: moved })).rejects.toMatchObject({
      code: 'RECOVERY_INVALID_APPROVAL',
    })
    expect(statuses(await request.submit())).toEqual(['done', 'RECOVERY_NOT_ENOUGH_APPROVALS'])
  })

  test('is refused when it is not named, or signed another recovery', async () => {
    const guardian = await createGuardian('another guardian')
    const { account } = await createOwner('named another')
    const request = await begin(account, 'named another, new')
    const prompts = guardian.device.prompts()
    await expect(request.approveWithAccount(guardian.account)).rejects.toMatchObject({
      code: 'RECOVERY_NOT_A_GUARDIAN',
    })
    expect(guardian.device.prompts()).toBe(prompts)
  })
})
