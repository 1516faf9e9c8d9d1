import { sendCalls } from '@rekey/sdk'
import { loadRecovery, vetoRecovery } from '@rekey/sdk/recovery'
import { describe, expect, test } from 'vitest'
import { stack } from '../integration/support/runningStack.ts'
import { guardianKinds } from './support/guardianKinds.ts'
import {
  begin,
  bothChains,
  calls,
  createGuardedOwner,
  day,
  expectSends,
  outcomesOf,
  statesOf,
} from './support/owner.ts'

describe.each(Object.entries(guardianKinds))('a guardian that is a %s', (name, create) => {
  test('[58] brings an account back on both chains, to the last transaction; the old passkey is out', async () => {
    const { guardian, approve } = await create(stack, 'recovers')
    const { account } = await createGuardedOwner(stack, `${name}, recovers`, {
      guardians: [guardian],
      preset: 'careful',
    })
    await expectSends(account)
    const { request } = await begin(stack, account, `${name}, again`)
    await approve(request)
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['scheduled', 'scheduled'])
    await expectSends(account)
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
    for (const chainId of bothChains)
      await expect(sendCalls(account, { chainId, calls })).rejects.toMatchObject({
        code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
      })
  })

  test('[68] approves what it has seen and nothing else', async () => {
    const { guardian, approve } = await create(stack, 'one thing')
    const { account } = await createGuardedOwner(stack, `${name}, one thing`, {
      guardians: [guardian],
      preset: 'careful',
    })
    const { request } = await begin(stack, account, `${name}, seen`)
    const { request: other } = await begin(stack, account, `${name}, unseen`)
    await approve(request)
    const [approval] = request.approvals
    if (!approval) throw new Error('Nothing was approved.')
    await expect(other.addApproval(approval)).rejects.toMatchObject({ code: 'RECOVERY_INVALID_APPROVAL' })
    expect(other.approvals).toEqual([])
  })

  test('counts once, on this device or on another', async () => {
    const { guardian, approve } = await create(stack, 'once')
    const { account, config } = await createGuardedOwner(stack, `${name}, once`, {
      guardians: [guardian],
      preset: 'careful',
    })
    const { request } = await begin(stack, account, `${name}, once, again`)
    await approve(request)
    const elsewhere = loadRecovery(config, JSON.stringify(request))
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(outcomesOf(await elsewhere.submit())).toEqual(['skipped', 'skipped'])
    expect((await elsewhere.status()).map(({ votes }) => votes)).toEqual([1, 1])
  })

  test('[80] [82] is stopped by its owner with one signature on both chains', async () => {
    const { guardian, approve } = await create(stack, 'vetoed')
    const { account } = await createGuardedOwner(stack, `${name}, vetoed`, { guardians: [guardian], preset: 'careful' })
    const { request } = await begin(stack, account, `${name}, vetoed, again`)
    await approve(request)
    await request.submit()
    expect(outcomesOf(await vetoRecovery(account, { digest: request.digest }))).toEqual(['done', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['RECOVERY_OVER', 'RECOVERY_OVER'])
    await expectSends(account)
  })
})
