import { encodePolicy, type PasskeyAccount, policyHash, sendCalls, sortGuardians } from '@rekey/sdk'
import {
  canCallOff,
  loadApprovalRequest,
  loadGuardianCancel,
  loadRecovery,
  planRecovery,
  startDrill,
  startFreeze,
  startGuardianCancel,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { beforeAll, describe, expect, test } from 'vitest'
import { configFor } from '../../scripts/stack/client.ts'
import { formatRequest } from '../../sdk/src/recovery/link/approvalRequest.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB } from '../integration/support/sdkStack.ts'
import { createFriend, type Friend } from './support/friend.ts'
import {
  begin,
  calls,
  createGuardedOwner,
  createOwner,
  day,
  expectSends,
  outcomesOf,
  statesOf,
} from './support/owner.ts'

const page = 'https://guardian.example.com/approve'
let friend: Friend

beforeAll(async () => {
  friend = await createFriend(stack, 'friend')
})

const guardians = () => [walletGuardian(stack.accounts.guardian.address), friend.guardian]
/** A guardian's page: no account, no relay, no credentials of an owner. */
const guardianPage = () => configFor(stack, { credentials: friend.credentials }, { relay: undefined })

async function createWard(seed: string): Promise<PasskeyAccount> {
  return (await createGuardedOwner(stack, seed, { guardians: guardians(), preset: 'careful' })).account
}

describe('a guardian who gets a link', () => {
  test('approves without account and gas; the answer comes back as text and as link, and the owner is in on two chains', async () => {
    const account = await createWard('by link')
    const { request } = await begin(stack, account, 'by link, again')
    const asked = loadApprovalRequest(guardianPage(), request.toApprovalLink(page), { account: account.address })
    expect([asked.digest, asked.phrase]).toEqual([request.digest, request.phrase])
    const byWallet = await asked.approve({ wallet: stack.accounts.guardian })
    const byPasskey = await loadApprovalRequest(guardianPage(), request.text).approve({ passkey: friend.credential })
    // The owner has closed the page meanwhile.
    const resumed = loadRecovery(request.toAccount().config, JSON.stringify(request))
    await resumed.addApproval(byWallet.text)
    await resumed.addApproval(byPasskey.toLink('https://owner.example.com/recovery'))
    expect(outcomesOf(await resumed.submit())).toEqual(['done', 'done'])
    await expectSends(resumed.toAccount())
  })

  test('is told when it is too late, or about another policy, before anything is signed', async () => {
    const account = await createWard('too late')
    const { request } = await begin(stack, account, 'too late, again')
    const wallet = stack.accounts.guardian
    const policyBytes = encodePolicy({ ...request.policy, guardians: sortGuardians([walletGuardian(wallet.address)]) })
    const message = { ...request.recovery, policy: policyHash(policyBytes) }
    const forged = loadApprovalRequest(
      guardianPage(),
      formatRequest(account.config, { name: 'Recovery', message, policyBytes }),
    )
    await expect(forged.approve({ wallet })).rejects.toMatchObject({ code: 'RECOVERY_OTHER_POLICY' })

    // A chain that mines faster than a block a second is ahead of the clock, and so is what was issued by its time.
    await stack.clock.increase(30 * day + 3_600)
    const late = loadApprovalRequest(guardianPage(), request.text)
    await expect(late.approve({ wallet })).rejects.toMatchObject({ code: 'RECOVERY_LINK_EXPIRED' })
  })

  test('has an approval for another recovery refused', async () => {
    const account = await createWard('mixed up')
    const { request } = await begin(stack, account, 'mixed up, one')
    const { request: other } = await begin(stack, account, 'mixed up, two')
    const reply = await loadApprovalRequest(guardianPage(), request.text).approve({ wallet: stack.accounts.guardian })
    await expect(other.addApproval(reply.text)).rejects.toMatchObject({ code: 'RECOVERY_LINK_OTHER_REQUEST' })
  })
})

describe('a drill', () => {
  test('shows on both chains which tiers the guardians reach, free of charge; recorded, the chain says who was proven', async () => {
    const account = await createWard('drill')
    const drill = await startDrill(account.config, { account: account.address })
    await drill.approve({ wallet: stack.accounts.guardian })
    const one = 1 << drill.policy.guardians.findIndex(({ kind }) => kind === 1)
    expect(await drill.test()).toEqual([chainA, chainB].map((chainId) => ({ chainId, votes: one, tiers: 0b01 })))
    const reply = await loadApprovalRequest(guardianPage(), drill.toLink(page)).approve({ passkey: friend.credential })
    await drill.addApproval(reply.text)
    expect(drill.approvals).toHaveLength(2)
    expect(await drill.test()).toEqual([chainA, chainB].map((chainId) => ({ chainId, votes: 0b11, tiers: 0b11 })))
    expect(outcomesOf(await drill.submit())).toEqual(['done', 'done'])
    await expectSends(account)
  })
})

describe('guardians who change their minds', () => {
  test('call a recovery off together; one of them cannot', async () => {
    const account = await createWard('called off')
    const { request } = await begin(stack, account, 'called off, again')
    await request.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    const cancel = await startGuardianCancel(account.config, { account: account.address, recovery: request.digest })
    await cancel.approve({ wallet: stack.accounts.guardian })
    const places = () => cancel.approvals.map(({ index }) => index)
    expect(canCallOff(cancel.policy, places())).toBe(false)
    expect(outcomesOf(await cancel.submit())).toEqual(['CONTRACT_NO_TIER', 'CONTRACT_NO_TIER'])
    await cancel.approve({ passkey: friend.credential, credentials: friend.credentials })
    expect(canCallOff(cancel.policy, places())).toBe(true)
    expect(() => loadGuardianCancel(account.config, request.text)).toThrow(/another kind/)
    const elsewhere = loadGuardianCancel(account.config, cancel.text)
    for (const approval of cancel.approvals) await elsewhere.addApproval(approval)
    expect(outcomesOf(await elsewhere.submit())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['cancelled', 'cancelled'])
  })
})

describe('a freeze', () => {
  test('by one guardian stops thief and owner alike until it is over', async () => {
    const { account } = await createOwner(stack, 'frozen')
    const plan = await planRecovery(account, { guardians: guardians(), preset: 'careful', freezeHours: 24 })
    expect(outcomesOf(await plan.apply())).toEqual(['done', 'done'])
    const parameters = { account: account.address }
    await expect(startFreeze(account.config, { ...parameters, hours: 25 })).rejects.toMatchObject({
      code: 'RECOVERY_FREEZE_NOT_ALLOWED',
    })
    const freeze = await startFreeze(account.config, parameters)
    await expect(freeze.submit().then(outcomesOf)).resolves.toEqual(Array(2).fill('RECOVERY_NOT_ENOUGH_APPROVALS'))
    await freeze.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await freeze.submit())).toEqual(['done', 'done'])
    await expect(sendCalls(account, { chainId: chainA, calls })).rejects.toThrow()
    await stack.clock.increase(day + 60)
    await expectSends(account)
  })
})
