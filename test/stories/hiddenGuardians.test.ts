import { encodeApprovals } from '@rekey/sdk'
import { hideGuardian, planRecovery, startRecovery, vetoRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { configBetween } from '../integration/support/rpcBetween.ts'
import { stack } from '../integration/support/runningStack.ts'
import { createFriend, type Friend } from './support/friend.ts'
import { begin, createGuardedOwner, createOwner, day, expectSends, outcomesOf, statesOf } from './support/owner.ts'

let friend: Friend

beforeAll(async () => {
  friend = await createFriend(stack, 'friend')
})

describe('guardians nobody knows of', () => {
  test('a hidden wallet and a hidden passkey reveal themselves when they approve, and the account is recovered on two chains', async () => {
    const { account } = await createOwner(stack, 'hidden')
    const guardians = [hideGuardian(walletGuardian(stack.accounts.guardian.address)), hideGuardian(friend.guardian)]
    const plan = await planRecovery(account, { guardians, preset: 'fast' })
    expect(plan.bytes).not.toContain(stack.accounts.guardian.address.slice(2).toLowerCase())
    expect(outcomesOf(await plan.apply())).toEqual(['done', 'done'])
    const { reveals } = plan

    const { request } = await begin(stack, account, 'hidden, again')
    const wallet = stack.accounts.guardian
    await expect(request.approve({ wallet })).rejects.toMatchObject({ code: 'RECOVERY_NOT_A_GUARDIAN' })
    const approval = await request.approve({ wallet, reveals })
    const { revealed: _, ...silent } = approval
    await expect(request.addApproval(silent)).rejects.toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL' })
    const other = { ...approval, revealed: { ...reveals[0], salt: toHex(7, { size: 32 }) } } as typeof approval
    await expect(request.addApproval(other)).rejects.toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL' })
    await request.approve({ passkey: friend.credential, credentials: friend.credentials, reveals })
    expect(encodeApprovals(request.approvals as never).toLowerCase()).toContain(wallet.address.slice(2).toLowerCase())
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('the same signer in the open and hidden has one vote', async () => {
    const open = walletGuardian(stack.accounts.guardian.address)
    const hidden = hideGuardian({ ...open, kind: 2 })
    const { account } = await createGuardedOwner(stack, 'twice', { guardians: [open, hidden], preset: 'careful' })
    const { request } = await begin(stack, account, 'twice, again')
    const { signature } = await request.approve({ wallet: stack.accounts.guardian })
    const index = request.policy.guardians.findIndex(({ isHidden }) => isHidden)
    await expect(request.addApproval({ index, signature, revealed: hidden.reveal })).rejects.toMatchObject({
      code: 'RECOVERY_INVALID_APPROVAL',
    })
  })
})

describe('a recovery that dies with another', () => {
  test('[75] is shown as benched with a way out, and no chain is asked to execute it', async () => {
    const wallet = privateKeyToAccount(keccak256('0x5eed'))
    const guardians = [walletGuardian(wallet.address), friend.guardian]
    const { account } = await createGuardedOwner(stack, 'benched', { guardians, preset: 'careful' })
    const { request: first } = await begin(stack, account, 'benched, first')
    const { request: second } = await begin(stack, account, 'benched, second')
    for (const request of [first, second]) {
      await request.approve({ wallet })
      expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    }
    expect(outcomesOf(await vetoRecovery(account, { digest: first.digest }))).toEqual(['done', 'done'])
    expect(await statesOf(first)).toEqual(['vetoed', 'vetoed'])
    const statuses = await second.status()
    expect(statuses).toMatchObject([{ state: 'benched' }, { state: 'benched' }])
    expect(statuses[0]?.error?.metaMessages[0]).toContain('other guardians')
    await stack.clock.increase(day)
    expect(await statesOf(second)).toEqual(['benched', 'benched'])
    expect(outcomesOf(await second.execute())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])

    const { request: third } = await begin(stack, account, 'benched, third')
    await third.approve({ wallet })
    expect(outcomesOf(await third.submit())).toEqual(['RECOVERY_NOT_ENOUGH_APPROVALS', 'RECOVERY_NOT_ENOUGH_APPROVALS'])
    await third.approve({ passkey: friend.credential, credentials: friend.credentials })
    expect(outcomesOf(await third.submit())).toEqual(['done', 'done'])
  })
})

describe('a node that takes no calls without address', () => {
  test('is asked one by one, and says the same', async () => {
    const { account } = await createGuardedOwner(stack, 'one by one')
    const device = createDevice('one by one, again')
    const methods: string[] = []
    const config = configBetween(stack, device, async ({ method, params }, pass) => {
      const [call] = params as { to?: string }[]
      methods.push(method)
      if (method === 'eth_call' && call?.to === undefined) throw Object.assign(new Error('no'), { code: -32_602 })
      return pass()
    })
    const request = await startRecovery(config, { account: account.address, name: 'Ada' })
    methods.length = 0
    expect(await statesOf(request)).toEqual(['collecting', 'collecting'])
    expect(methods).toContain('eth_chainId')
    const direct = await startRecovery(configFor(stack, createDevice('one by one, direct')), {
      account: account.address,
      name: 'Ada',
    })
    expect(await statesOf(direct)).toEqual(['collecting', 'collecting'])
  })
})
