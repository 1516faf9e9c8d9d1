import { type PasskeyAccount, sendCalls } from '@rekey/sdk'
import {
  announceChange,
  applyChange,
  cancelChange,
  diffPolicies,
  loadPlan,
  planRecovery,
  readChanges,
  recoveryOf,
  vetoRecovery,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { beforeAll, describe, expect, test } from 'vitest'
import { stackContracts } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA } from '../integration/support/sdkStack.ts'
import { createFriend, type Friend } from './support/friend.ts'
import { begin, createGuardedOwner, day, expectSends, outcomesOf, statesOf } from './support/owner.ts'

let friend: Friend

beforeAll(async () => {
  friend = await createFriend(stack, 'friend')
})

const wallet = () => walletGuardian(stack.accounts.guardian.address)
const statesOfChanges = async ({ config, address }: PasskeyAccount) =>
  (await readChanges(config, { address })).map((chain) => ('change' in chain ? chain.change?.state : chain.error.code))

describe('an owner who changes guardians', () => {
  test('announces, waits, and applies on two chains; what changes is known beforehand', async () => {
    const { account, device } = await createGuardedOwner(stack, 'changes', { guardians: [wallet()] })
    const recovery = recoveryOf(account)
    const before = (await recovery.policy(chainA))?.policy
    const plan = await recovery.plan({ guardians: [wallet(), friend.guardian], preset: 'careful' })
    expect([plan.score, plan.findings]).toEqual([100, []])
    expect(diffPolicies(before, plan.policy)).toMatchObject({
      guardiansAdded: [{ kind: 2 }],
      guardiansRemoved: [],
      tiersAdded: [{ kinds: 2 }],
      isSame: false,
    })
    expect(outcomesOf(await plan.apply({ chainIds: [chainA] }))).toEqual(['done'])
    const asked = device.prompts()
    const resumed = loadPlan(account, JSON.parse(JSON.stringify(plan)))
    expect([resumed.hash, resumed.warnings]).toEqual([plan.hash, plan.warnings])
    expect(outcomesOf(await resumed.apply())).toEqual(['skipped', 'done'])
    expect(device.prompts()).toBe(asked)
    const other = { ...plan.toJSON(), account: stack.accounts.guardian.address }
    expect(() => loadPlan(account, other)).toThrow(/another account/)
    expect(await statesOfChanges(account)).toEqual(['waiting', 'waiting'])
    expect(outcomesOf(await applyChange(account))).toEqual(Array(2).fill('RECOVERY_CHANGE_NOT_READY'))
    await stack.clock.increase(2 * day)
    expect(await statesOfChanges(account)).toEqual(['ready', 'ready'])
    const prompts = device.prompts()
    expect(outcomesOf(await recovery.apply())).toEqual(['done', 'done'])
    expect(device.prompts()).toBe(prompts)
    expect((await recovery.policy(chainA))?.hash).toBe(plan.hash)
    expect(await statesOfChanges(account)).toEqual([undefined, undefined])
  })

  test('calls off what was announced with one prompt, and the message cannot be used again', async () => {
    const { account, device } = await createGuardedOwner(stack, 'calls off', { guardians: [wallet()] })
    const plan = await planRecovery(account, { guardians: [friend.guardian], preset: 'simple' })
    await plan.apply()
    const prompts = device.prompts()
    expect(outcomesOf(await cancelChange(account))).toEqual(['done', 'done'])
    expect(device.prompts()).toBe(prompts + 1)
    expect(await statesOfChanges(account)).toEqual([undefined, undefined])
    expect(outcomesOf(await plan.apply())).toEqual(['CONTRACT_STALE', 'CONTRACT_STALE'])
    await expect(cancelChange(account)).rejects.toMatchObject({ code: 'RECOVERY_NO_CHANGE' })
  })

  test('gives guardians up for good after the wait, with one prompt to announce and one to leave', async () => {
    const { account, device } = await createGuardedOwner(stack, 'leaves', { guardians: [wallet()] })
    const prompts = device.prompts()
    expect(outcomesOf(await announceChange(account, { change: { kind: 'uninstall' } }))).toEqual(['done', 'done'])
    await stack.clock.increase(2 * day)
    expect(outcomesOf(await applyChange(account))).toEqual(['done', 'done'])
    expect(device.prompts()).toBe(prompts + 2)
    expect(await recoveryOf(account).policy(chainA)).toBeUndefined()
    await expectSends(account)
  })

  test('announces an upgrade as calls of a batch of her own, and calls it off in another', async () => {
    const { account } = await createGuardedOwner(stack, 'upgrade', { guardians: [wallet()] })
    const contracts = stackContracts(stack)
    const change = { kind: 'upgrade', implementation: contracts.policyStore } as const
    const issuedAt = stack.clock.now() + 1
    const announce = announceChange.calls({ contracts, account: account.address, change, issuedAt })
    expect((await sendCalls(account, { chainId: chainA, calls: announce })).success).toBe(true)
    expect(await statesOfChanges(account)).toEqual(['waiting', undefined])
    const pending = { kind: 'upgrade', value: contracts.policyStore, issuedAt } as const
    const cancel = cancelChange.calls({ contracts, account: account.address, change: pending })
    expect((await sendCalls(account, { chainId: chainA, calls: cancel })).success).toBe(true)
    expect(await statesOfChanges(account)).toEqual([undefined, undefined])
  })
})

describe('what the chains tell', () => {
  test('the history has policies, recoveries, vetoes and drills; health sees what is pending and what was proven', async () => {
    const { account } = await createGuardedOwner(stack, 'history', { guardians: [wallet(), friend.guardian] })
    const recovery = recoveryOf(account)
    const { request } = await begin(stack, account, 'history, stranger')
    await request.approve({ wallet: stack.accounts.guardian })
    await request.submit()
    expect((await recovery.health()).findings.map(({ code }) => code)).toContain('recoveryPending')
    const veto = vetoRecovery.calls({
      contracts: stackContracts(stack),
      account: account.address,
      digest: request.digest,
    })
    expect((await sendCalls(account, { chainId: chainA, calls: veto })).success).toBe(true)
    expect(await statesOf(request)).toEqual(['vetoed', 'scheduled'])
    expect(outcomesOf(await recovery.veto(request.digest))).toEqual(['skipped', 'done'])
    expect((await recovery.health()).findings.map(({ code }) => code)).not.toContain('recoveryPending')

    const before = await recovery.health()
    expect(before.findings.map(({ code }) => code)).toEqual(['singlePasskey', 'neverDrilled'])
    const drill = await recovery.drill()
    await drill.approve({ wallet: stack.accounts.guardian })
    await drill.approve({ passkey: friend.credential, credentials: friend.credentials })
    await drill.submit()
    expect((await recovery.health()).findings.map(({ code }) => code)).toEqual(['singlePasskey'])
    const { id, rpId } = account.credential
    const note = { id, rpId, backup: 'deviceBound', backupSince: 0, lastSeen: 0 } as const
    const withNote = await recovery.health({ passkeys: [note] })
    expect(withNote.findings.map(({ code }) => code)).toEqual(['singlePasskey', 'oneDevice'])

    const [chain] = await recovery.history()
    const kinds = chain && 'entries' in chain ? chain.entries.map(({ kind }) => kind) : []
    expect(kinds).toEqual(['CredentialAdded', 'PolicySet', 'RecoveryStarted', 'RecoveryVetoed', 'GuardiansProven'])
    const times = chain && 'entries' in chain ? chain.entries.map(({ time }) => time ?? 0) : []
    expect(times.every((time) => time > 1_600_000_000)).toBe(true)
    const { ownerAfter, outcome } = await recovery.simulate({ passkeysLeft: 0, lost: [0] })
    expect([ownerAfter, outcome]).toEqual([day, 'owner'])
  })
})
