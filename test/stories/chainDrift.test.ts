import {
  addPasskey,
  alignChains,
  type ChainComparison,
  compareChains,
  explainDifference,
  listPasskeys,
  type PasskeyAccount,
  removePasskey,
  sendCalls,
} from '@rekey/sdk'
import { getPolicy, planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB } from '../integration/support/sdkStack.ts'
import { calls, createGuardedOwner, createOwner, day, expectSends, outcomesOf } from './support/owner.ts'
import { silentDevice } from './support/silent.ts'

/** What differs on each chain. */
const kindsOf = ({ chains }: ChainComparison): (string[] | string)[] =>
  chains.map((chain) => ('differences' in chain ? chain.differences.map(({ kind }) => kind) : chain.error.code))

/** Names a guardian on some chains only, as when the others are down. */
async function guardOn(account: PasskeyAccount, chainIds: readonly number[], days = 1) {
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const preset = { tiers: [{ weight: 1, kinds: 1, delay: days * day, isVetoable: true }] }
  const plan = await planRecovery(account, { guardians, preset })
  expect(outcomesOf(await plan.apply({ chainIds }))).toEqual(chainIds.map(() => 'done'))
  return plan
}

async function addLaptop(account: PasskeyAccount, seed: string, chainIds: readonly number[]) {
  const laptop = createDevice(seed)
  const added = await addPasskey(account, { name: 'Laptop', credentials: laptop.credentials, chainIds })
  expect(outcomesOf(added.results)).toEqual(chainIds.map(() => 'done'))
  const onLaptop = { ...added.account, config: { ...added.account.config, credentials: laptop.credentials } }
  return { laptop, onLaptop, commitment: added.commitment }
}

/** Both chains have the same passkeys, equally proven, and the same guardians. */
async function expectEqual(account: PasskeyAccount): Promise<void> {
  expect(await compareChains(account)).toMatchObject({
    isAligned: true,
    chains: [{ differences: [] }, { differences: [] }],
  })
  const { chains, differing } = await listPasskeys(account)
  expect(differing).toEqual([])
  const proven = chains.map((chain) => ('passkeys' in chain ? chain.passkeys.map(({ isProven }) => isProven) : []))
  expect(proven[0]?.toSorted()).toEqual(proven[1]?.toSorted())
  const policies = await Promise.all(
    [chainA, chainB].map((chainId) => getPolicy(account.config, { address: account.address, chainId })),
  )
  expect(policies[0]?.hash).toBe(policies[1]?.hash)
}

/** The owner's account, whose second chain goes down as soon as she has been asked. */
function failingOnce(account: PasskeyAccount, device: Device): PasskeyAccount {
  let hasFailed = false
  const credentials = {
    ...device.credentials,
    get: async (options?: CredentialRequestOptions) => {
      const answer = await device.credentials.get(options)
      if (!hasFailed) await stack.chain(1).stop()
      hasFailed = true
      return answer
    },
  }
  return { ...account, config: configFor(stack, { credentials }) }
}

describe('the second chain was down for a while', () => {
  test('and misses a passkey and the guardians: one prompt makes it equal, and both passkeys send on both', async () => {
    const { account, device } = await createOwner(stack, 'missed')
    for (const chainId of [chainA, chainB]) await sendCalls(account, { chainId, calls })
    const plan = await guardOn(account, [chainA])
    const { onLaptop } = await addLaptop(account, 'missed laptop', [chainA])

    const { comparison, apply } = await alignChains(account)
    expect(kindsOf(comparison)).toEqual([[], ['passkeyMissing', 'policy']])
    const [, second] = comparison.chains
    const differences = second && 'differences' in second ? second.differences : []
    expect(differences).toMatchObject([
      { kind: 'passkeyMissing', newerOn: [chainA], isProven: true, fix: 'prompt' },
      { kind: 'policy', why: 'missing', has: 0n, newerOn: [chainA], fix: 'prompt' },
    ])
    expect(differences.map(explainDifference)).toEqual([
      'A passkey that was added on chain 31337 is missing here.',
      'There are no guardians here: those of chain 31337 were never delivered.',
    ])
    const before = device.prompts()
    expect(outcomesOf(await apply())).toEqual(['skipped', 'done'])
    expect(device.prompts() - before).toBe(1)
    await expectEqual(account)
    expect((await getPolicy(account.config, { address: account.address, chainId: chainB }))?.hash).toBe(plan.hash)
    await expectSends(account)
    await expectSends(onLaptop)
    expect(outcomesOf(await apply())).toEqual(['skipped', 'skipped'])
    expect(device.prompts() - before).toBe(3)
  })

  test('and fails again after the prompt: what was signed is sent later, without another prompt', async () => {
    const owner = await createOwner(stack, 'resumed')
    const { device } = owner
    for (const chainId of [chainA, chainB]) await sendCalls(owner.account, { chainId, calls })
    await guardOn(owner.account, [chainA])
    const { onLaptop } = await addLaptop(owner.account, 'resumed laptop', [chainB])
    const account = failingOnce(owner.account, device)
    const before = device.prompts()
    const plan = await alignChains(account)
    expect(kindsOf(plan.comparison)).toEqual([['passkeyMissing'], ['policy']])
    expect(outcomesOf(await plan.apply())).toEqual(['done', 'CHAIN_UNREACHABLE'])
    await stack.chain(1).start()
    expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
    expect(device.prompts() - before).toBe(1)
    await expectEqual(account)
    await expectSends(onLaptop)
  })

  test('and still has a passkey that was removed: it goes, and does not come back', async () => {
    const { account, device } = await createOwner(stack, 'removed')
    await guardOn(account, [chainA, chainB])
    const { onLaptop, commitment } = await addLaptop(account, 'removed laptop', [chainA, chainB])
    await removePasskey(account, { commitment, chainIds: [chainA] })
    const plan = await alignChains(account)
    expect(kindsOf(plan.comparison)).toEqual([[], ['passkeyExtra']])
    const before = device.prompts()
    expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
    expect(device.prompts() - before).toBe(1)
    await expectEqual(account)
    await expect(sendCalls(onLaptop, { chainId: chainB, calls })).rejects.toMatchObject({
      code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
    })
  })

  test('a passkey that a thief added there is not spread when its owner says so', async () => {
    const { account } = await createOwner(stack, 'thief')
    await guardOn(account, [chainA, chainB])
    const { commitment } = await addLaptop(account, 'thief’s laptop', [chainB])
    expect(kindsOf(await compareChains(account))).toEqual([['passkeyMissing'], []])
    const plan = await alignChains(account, { unwanted: [commitment] })
    expect(kindsOf(plan.comparison)).toEqual([[], ['passkeyExtra']])
    expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
    await expectEqual(account)
  })
})

test('an account that is not on the second chain yet is created there without any prompt', async () => {
  const { account, device } = await createOwner(stack, 'not there')
  await sendCalls(account, { chainId: chainA, calls })
  const plan = await alignChains(account)
  expect(kindsOf(plan.comparison)).toEqual([[], ['notSetUp']])
  const before = device.prompts()
  expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
  expect(device.prompts()).toBe(before)
  await expectEqual(account)
})

test('older guardians on the second chain are announced there with one prompt, wait, and are then put into effect by anyone', async () => {
  const { account, device } = await createOwner(stack, 'older')
  await guardOn(account, [chainB])
  // The clocks of the chains differ by seconds.
  await stack.clock.increase(3_600)
  const newer = await guardOn(account, [chainA], 2)
  const plan = await alignChains(account)
  expect(kindsOf(plan.comparison)).toEqual([[], ['policy']])
  const before = device.prompts()
  expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
  const announced = await compareChains(account)
  expect(announced.chains[1]).toMatchObject({ differences: [{ why: 'announced', fix: 'wait' }] })
  expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'skipped'])
  await stack.clock.increase(3 * day)
  expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'done'])
  expect(device.prompts() - before).toBe(1)
  expect((await getPolicy(account.config, { address: account.address, chainId: chainB }))?.hash).toBe(newer.hash)
  await expectEqual(account)
})

test('a recovery that reached one chain only: nobody is asked in vain, and delivering it makes them equal', async () => {
  const owner = await createGuardedOwner(stack, 'recovered')
  const device = createDevice('recovered, again')
  const config = configFor(stack, device)
  const request = await startRecovery(config, { account: owner.account.address, name: 'Owner' })
  await request.approve({ wallet: stack.accounts.guardian })
  await stack.chain(1).stop()
  expect(outcomesOf(await request.submit())).toEqual(['done', 'CHAIN_UNREACHABLE'])
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'CHAIN_UNREACHABLE'])
  await stack.chain(1).start()
  const account = request.toAccount()
  const plan = await alignChains(account)
  expect(kindsOf(plan.comparison)).toEqual([[], ['recovery']])
  const before = device.prompts()
  expect(outcomesOf(await plan.apply())).toEqual(['skipped', 'skipped'])
  expect(device.prompts()).toBe(before)
  await request.submit()
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['skipped', 'done'])
  await expectEqual(account)
  await expectSends(account)
})

test('with nodes that tell no events guardians are still seen, and passkeys that nobody can explain are named', async () => {
  const owner = await createOwner(stack, 'silent')
  for (const chainId of [chainA, chainB]) await sendCalls(owner.account, { chainId, calls })
  await guardOn(owner.account, [chainA])
  await addLaptop(owner.account, 'silent laptop', [chainA])
  const { config } = silentDevice(stack, 'silent, again')
  const { isAligned, chains } = await compareChains({ ...owner.account, config })
  expect(isAligned).toBe(false)
  expect(chains[1]).toMatchObject({
    account: { eventsError: { code: 'CHAIN_EVENTS_UNREADABLE' } },
    differences: [{ kind: 'passkeyMissing', known: undefined, fix: 'none' }, { kind: 'policy' }],
  })
})
