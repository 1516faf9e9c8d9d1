import { createPasskeyAccount, type Relay, type RelayRequest, sendCalls } from '@rekey/sdk'
import { loadRecovery, type RecoveryJson, startRecovery } from '@rekey/sdk/recovery'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device, stackRelay } from '../../scripts/stack/client.ts'
import { outcomesOf, walletPolicy } from '../stories/support/owner.ts'
import { configBetween } from './support/rpcBetween.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB, fund } from './support/sdkStack.ts'

const day = 86_400
const calls = [{ to: '0x00000000000000000000000000000000000fee15', value: 1n }] as const
/** An account that exists on the first chain only, and an approved recovery of it as JSON. */
async function createApproved(seed: string): Promise<{ json: RecoveryJson; device: Device }> {
  const owner = configFor(stack, createDevice(seed))
  const account = await createPasskeyAccount(owner, { name: 'Ada', policy: walletPolicy(stack) })
  await fund(stack, account)
  const device = createDevice(`${seed}, new`)
  const config = configFor(stack, device)
  const request = await startRecovery(config, { account: account.address, name: 'Ada' })
  await request.approve({ wallet: stack.accounts.guardian })
  return { json: request.toJSON(), device }
}

/** A device whose connection to chain B breaks for good at one step: a request, or a transaction before or after it is sent. */
function breakingAt(step: number, how: 'before' | 'after') {
  const sender = stackRelay(stack)
  let steps = 0
  const run = async <value>(chainId: number, work: () => Promise<value>): Promise<value> => {
    if (chainId !== chainB) return work()
    steps += 1
    if (steps > step || (steps === step && how === 'before')) throw new Error('The line is dead.')
    const answer = await work()
    if (steps === step) throw new Error('The line is dead.')
    return answer
  }
  const relay: Relay = { send: (request: RelayRequest) => run(request.chainId, () => sender.send(request)) }
  const between = configBetween(stack, createDevice(`breaking ${step} ${how}`), ({ chainId }, pass) =>
    run(chainId, pass),
  )
  const config = { ...between, chains: between.chains.map((chain) => ({ ...chain, relay })) }
  return { config, steps: () => steps }
}

/** Days later somebody else finishes what was begun, with nothing but the JSON. */
async function finishElsewhere(json: RecoveryJson): Promise<void> {
  const config = configFor(stack, createDevice('elsewhere'))
  const request = loadRecovery(config, JSON.stringify(json))
  for (const status of outcomesOf(await request.submit())) expect(['done', 'skipped']).toContain(status)
  await stack.clock.increase(day)
  for (const status of outcomesOf(await request.execute())) expect(['done', 'skipped']).toContain(status)
  expect((await request.status()).map(({ state }) => state)).toEqual(['done', 'done'])
}

describe('the recovery driver', () => {
  test('[215] creates, sets up, starts and executes on a chain that never saw the account; each in one go', async () => {
    const { json, device } = await createApproved('driver, whole')
    const progress: number[] = []
    const request = loadRecovery(configFor(stack, device), json)
    const results = await request.submit({ onProgress: ({ chainId }) => progress.push(chainId) })
    expect(outcomesOf(results)).toEqual(['done', 'done'])
    expect(progress.toSorted()).toEqual([chainA, chainB])
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
    expect(outcomesOf(await request.submit())).toEqual(['skipped', 'skipped'])
    const account = request.toAccount()
    for (const chainId of [chainA, chainB]) expect((await sendCalls(account, { chainId, calls })).success).toBe(true)
  })

  test('[215] is not put off by anyone who delivers the same between its look at a chain and its transaction', async () => {
    const { json, device } = await createApproved('driver, overtaken')
    const other = loadRecovery(configFor(stack, createDevice('overtaking')), json)
    const sender = stackRelay(stack)
    let overtaking: Promise<unknown> | undefined
    const send: Relay['send'] = async (request) => {
      overtaking ??= other.submit()
      await overtaking
      return sender.send(request)
    }
    const request = loadRecovery(configFor(stack, device, { relay: { send } }), json)
    expect(outcomesOf(await request.submit())).toEqual(['skipped', 'skipped'])
    expect((await request.status()).map(({ state }) => state)).toEqual(['scheduled', 'scheduled'])
  })

  describe.each(['before', 'after'] as const)('[215] when the line to a chain dies for good %s any step', (how) => {
    test('hides no other chain’s result, and anyone goes on from the JSON to the end on both chains', async () => {
      let broken = 0
      for (let step = 1; ; step += 1) {
        const { json } = await createApproved(`driver, ${how} ${step}`)
        const { config, steps } = breakingAt(step, how)
        const results = await loadRecovery(config, json).submit()
        expect(results[0]?.status).toBe('done')
        await finishElsewhere(json)
        if (results[1]?.status === 'done' && steps() < step) break
        broken += results[1]?.status === 'failed' ? 1 : 0
        expect(step).toBeLessThan(40)
      }
      expect(broken).toBeGreaterThanOrEqual(5)
    })
  })
})
