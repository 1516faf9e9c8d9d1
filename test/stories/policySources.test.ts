import { policyId, policyStoreAddress, type RekeyConfig } from '@rekey/sdk'
import {
  getPolicy,
  loadRecovery,
  type RecoveryRequest,
  type StartRecoveryParameters,
  startRecovery,
  storePolicy,
} from '@rekey/sdk/recovery'
import type { Hex } from 'viem'
import { getCode } from 'viem/actions'
import { describe, expect, test } from 'vitest'
import { createDevice } from '../../scripts/stack/client.ts'
import { type Between, configBetween } from '../integration/support/rpcBetween.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB } from '../integration/support/sdkStack.ts'
import { begin, createGuardedOwner, day, expectSends, type Owner, outcomesOf } from './support/owner.ts'
import { silentDevice, tellsNoEvents } from './support/silent.ts'

/** The bytes of the owner's policy, as her own device reads them. */
async function policyOf({ config, account }: Owner): Promise<Hex> {
  const found = await getPolicy(config, { address: account.address, chainId: chainA })
  if (!found) throw new Error('The owner has no guardians.')
  return found.bytes
}

async function isStored(config: RekeyConfig, policy: Hex): Promise<boolean[]> {
  const address = policyStoreAddress(config.contracts.policyStore, policyId(policy))
  return Promise.all(config.chains.map(async ({ client }) => (await getCode(client, { address })) !== undefined))
}

/** From the guardian's approval to a transaction by the new passkey on both chains. */
async function finish(request: RecoveryRequest): Promise<void> {
  await request.approve({ wallet: stack.accounts.guardian })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
  await expectSends(request.toAccount())
}

const start = (config: RekeyConfig, { account }: Owner, more: Partial<StartRecoveryParameters> = {}) =>
  startRecovery(config, { account: account.address, name: 'Owner', genesis: account.genesis, ...more })

describe('the bytes of the policy come from one place alone', () => {
  test('from the event: no store has them, nobody brings them', async () => {
    const owner = await createGuardedOwner(stack, 'event alone')
    expect(await isStored(owner.config, await policyOf(owner))).toEqual([false, false])
    const { request, config } = await begin(stack, owner.account, 'event alone, again')
    const parameters = { address: owner.account.address, chainId: chainB }
    expect(await getPolicy(config, parameters)).toMatchObject({ source: 'event', problems: [] })
    await finish(request)
  })

  test('from the PolicyStore of one chain, for both: no node tells events, nobody brings them', async () => {
    const owner = await createGuardedOwner(stack, 'store alone')
    const policy = await policyOf(owner)
    const { config, device } = silentDevice(stack, 'store alone, again')
    await expect(start(config, owner)).rejects.toMatchObject({ code: 'RECOVERY_NO_POLICY' })
    expect(device.prompts()).toBe(0)
    expect(outcomesOf(await storePolicy(config, { policy, chainIds: [chainB] }))).toEqual(['done'])
    expect(outcomesOf(await storePolicy(config, { policy, chainIds: [chainB] }))).toEqual(['skipped'])
    expect(await isStored(config, policy)).toEqual([false, true])
    const found = await getPolicy(config, { address: owner.account.address, chainId: chainA })
    expect(found).toMatchObject({ bytes: policy, source: 'store', problems: [{ code: 'CHAIN_EVENTS_UNREADABLE' }] })
    await finish(await start(config, owner))
  })

  test('from the caller, who has them of a kit: no node tells events, no store has them', async () => {
    const owner = await createGuardedOwner(stack, 'given alone')
    const policy = await policyOf(owner)
    const { config } = silentDevice(stack, 'given alone, again')
    const parameters = { address: owner.account.address, chainId: chainA, policies: [policy] }
    expect(await getPolicy(config, parameters)).toMatchObject({ source: 'given', problems: [] })
    await finish(await start(config, owner, { policies: [policy] }))
  })

  test('from the link of a recovery: no node tells events, no store has them', async () => {
    const owner = await createGuardedOwner(stack, 'link alone')
    const { request } = await begin(stack, owner.account, 'link alone, again')
    const { config } = silentDevice(stack, 'guardian’s device')
    const opened = loadRecovery(config, request.toLink('https://auth.example.com/approve'))
    await opened.approve({ wallet: stack.accounts.guardian })
    expect(outcomesOf(await opened.submit())).toEqual(['done', 'done'])
    await stack.clock.increase(day)
    expect(outcomesOf(await opened.execute())).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
  })

  test('from the event of the other chain: the own node tells none', async () => {
    const owner = await createGuardedOwner(stack, 'other chain')
    const between: Between = (call, pass) => (call.chainId === chainA ? tellsNoEvents(call, pass) : pass())
    const config = configBetween(stack, createDevice('other chain, again'), between)
    expect(await getPolicy(config, { address: owner.account.address, chainId: chainA })).toMatchObject({
      source: 'event',
      problems: [{ code: 'CHAIN_EVENTS_UNREADABLE' }],
    })
  })
})

describe('[238] forged bytes are refused wherever they come from, and the next source is asked', () => {
  const forged = (bytes: Hex): Hex => `${bytes.slice(0, -1)}${bytes.endsWith('0') ? '1' : '0'}` as Hex
  type Log = { readonly data: Hex }

  /** Changes the last bytes of every event, and of the code that holds the policy where `alsoStore` says so. */
  const lies =
    (policy: Hex, stored: string, alsoStore: boolean): Between =>
    async ({ method, params }, pass) => {
      const answer = await pass()
      if (method === 'eth_getLogs')
        return (answer as Log[]).map((log) => ({
          ...log,
          data: log.data.replace(policy.slice(-64), forged(policy).slice(-64)),
        }))
      const isStore = method === 'eth_getCode' && String(params[0]).toLowerCase() === stored.toLowerCase()
      return alsoStore && isStore && answer !== '0x' ? forged(answer as Hex) : answer
    }

  test('kit and events lie, the store has them', async () => {
    const owner = await createGuardedOwner(stack, 'forged')
    const policy = await policyOf(owner)
    await storePolicy(owner.config, { policy, chainIds: [chainA] })
    const stored = policyStoreAddress(owner.config.contracts.policyStore, policyId(policy))
    const device = createDevice('forged, again')
    const fooled = configBetween(stack, device, lies(policy, stored, false))
    const parameters = { address: owner.account.address, chainId: chainA, policies: [forged(policy)] }
    const mismatch = { code: 'RECOVERY_POLICY_MISMATCH' }
    expect(await getPolicy(fooled, parameters)).toMatchObject({
      bytes: policy,
      source: 'store',
      problems: [
        { ...mismatch, source: 'given' },
        { ...mismatch, source: 'event' },
      ],
    })
    await finish(await start(fooled, owner, { policies: [forged(policy)] }))
  })

  test('when all lie, nothing is signed and each lie is named', async () => {
    const owner = await createGuardedOwner(stack, 'all forged')
    const policy = await policyOf(owner)
    await storePolicy(owner.config, { policy })
    const stored = policyStoreAddress(owner.config.contracts.policyStore, policyId(policy))
    const device = createDevice('all forged, again')
    const fooled = configBetween(stack, device, lies(policy, stored, true))
    await expect(
      getPolicy(fooled, { address: owner.account.address, chainId: chainA, policies: [forged(policy)] }),
    ).rejects.toMatchObject({
      code: 'RECOVERY_NO_POLICY',
      problems: [{ source: 'given' }, { source: 'event' }, { source: 'store' }, { source: 'event' }],
    })
    await expect(start(fooled, owner, { policies: [forged(policy)] })).rejects.toMatchObject({
      code: 'RECOVERY_NO_POLICY',
    })
    expect(device.prompts()).toBe(0)
  })
})
