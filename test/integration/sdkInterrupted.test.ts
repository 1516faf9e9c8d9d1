import { type ChainResult, createPasskeyAccount, type PasskeyAccount, type RekeyConfig, signIn } from '@rekey/sdk'
import {
  announceChange,
  applyChange,
  getPolicy,
  loadPlan,
  loadRecovery,
  planRecovery,
  readChanges,
  startRecovery,
  vetoRecovery,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, type Device } from '../../scripts/stack/client.ts'
import { createGuardedOwner, createOwner, day, outcomesOf, walletPolicy } from '../stories/support/owner.ts'
import { breakingLine, countingRelay } from './support/breakingLine.ts'
import { stack } from './support/runningStack.ts'
import { chainA, chainB } from './support/sdkStack.ts'

/** Something an owner does on two chains. */
type Work = {
  readonly device: Device
  /** Does it, or goes on with it. */
  run(config: RekeyConfig): Promise<readonly ChainResult[]>
  /** What is so on each chain when it is done. */
  end(): Promise<readonly unknown[]>
  readonly wanted: unknown
}

const wallet = () => walletGuardian(stack.accounts.guardian.address)
const stranger = () => walletGuardian(stack.accounts.stranger.address)
const at = (account: PasskeyAccount, config: RekeyConfig): PasskeyAccount => ({ ...account, config })
const perChain = <value>(read: (chainId: number) => Promise<value>) => Promise.all([chainA, chainB].map(read))
const policyOf = ({ config, address }: PasskeyAccount) =>
  perChain(async (chainId) => (await getPolicy(config, { address, chainId }))?.hash)
const changeOf = async ({ config, address }: PasskeyAccount) =>
  (await readChanges(config, { address })).map((chain) => ('change' in chain ? chain.change?.kind : chain.error.code))

/** Sets guardians; the plan is kept as JSON whenever the line has died. */
async function naming(account: PasskeyAccount, guardians: Parameters<typeof planRecovery>[1]['guardians']) {
  const plan = await planRecovery(account, { guardians, preset: 'simple' })
  let kept = JSON.stringify(plan)
  const run = async (config: RekeyConfig) => {
    const resumed = loadPlan(at(account, config), JSON.parse(kept))
    const results = await resumed.apply()
    kept = JSON.stringify(resumed)
    return results
  }
  return { plan, run }
}

async function recovering(seed: string) {
  const { account, device: owner } = await createGuardedOwner(stack, seed)
  const device = createDevice(`${seed}, new`)
  const request = await startRecovery(configFor(stack, device), { account: account.address, name: 'Ada' })
  await request.approve({ wallet: stack.accounts.guardian })
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  const end = async () => (await request.status()).map(({ state }) => state)
  return { account, owner, device, request, end }
}

const works: Readonly<Record<string, (seed: string) => Promise<Work>>> = {
  'naming the first guardians of an account that no chain has': async (seed) => {
    const { account, device } = await createOwner(stack, seed)
    const { plan, run } = await naming(account, [wallet()])
    return { device, run, end: () => policyOf(account), wanted: plan.hash }
  },
  'announcing other guardians': async (seed) => {
    const { account, device } = await createGuardedOwner(stack, seed)
    const { run } = await naming(account, [stranger()])
    return { device, run, end: () => changeOf(account), wanted: 'policy' }
  },
  'applying the guardians that were announced': async (seed) => {
    const { account, device } = await createGuardedOwner(stack, seed)
    const plan = await planRecovery(account, { guardians: [stranger()], preset: 'simple' })
    await plan.apply()
    await stack.clock.increase(2 * day)
    const run = (config: RekeyConfig) => applyChange(at(account, config))
    return { device, run, end: () => policyOf(account), wanted: plan.hash }
  },
  'announcing that the guardians are given up': async (seed) => {
    const { account, device } = await createGuardedOwner(stack, seed)
    const run = (config: RekeyConfig) => announceChange(at(account, config), { change: { kind: 'uninstall' } })
    return { device, run, end: () => changeOf(account), wanted: 'uninstall' }
  },
  'a veto': async (seed) => {
    const { account, owner: device, request, end } = await recovering(seed)
    const run = (config: RekeyConfig) => vetoRecovery(at(account, config), { digest: request.digest })
    return { device, run, end, wanted: 'vetoed' }
  },
  'executing a recovery': async (seed) => {
    const { device, request, end } = await recovering(seed)
    await stack.clock.increase(day)
    const run = (config: RekeyConfig) => loadRecovery(config, JSON.stringify(request)).execute()
    return { device, run, end, wanted: 'done' }
  },
}

describe.each(Object.entries(works))('%s', (name, begin) => {
  test('[215] goes on after the line to a chain has died at any step; the end is the same, and nothing is paid for twice', async () => {
    const paid: number[] = []
    for (let step = 1; ; step += 1) {
      const { device, run, end, wanted } = await begin(`${name}, ${step}`)
      const relay = countingRelay(stack)
      const { config, steps } = breakingLine(stack, device, { chainId: chainB, step, relay })
      const [first, second] = await run(config)
      expect(first).toMatchObject({ chainId: chainA, status: 'done' })
      if (second?.status === 'failed') expect(second.error?.code).toMatch(/^CHAIN_/)
      if ((await end())[1] !== wanted) {
        const again = await run(configFor(stack, device, { relay }))
        for (const outcome of outcomesOf(again)) expect(['done', 'skipped']).toContain(outcome)
      }
      expect(await end()).toEqual([wanted, wanted])
      expect(relay.sentOn(chainA)).toBe(relay.sentOn(chainB))
      paid.push(relay.sentOn(chainB))
      if (steps() < step) break
      expect(step).toBeLessThan(30)
    }
    expect(paid.length).toBeGreaterThan(3)
    expect(new Set(paid).size).toBe(1)
  })
})

describe('creating an account whose address commits to guardians', () => {
  test('[215] after the line to the first chain has died at any step, the next one has account and guardians', async () => {
    const policy = walletPolicy(stack)
    for (let step = 1; ; step += 1) {
      const device = createDevice(`creating, ${step}`)
      const relay = countingRelay(stack)
      const { config, steps } = breakingLine(stack, device, { chainId: chainA, step, relay })
      const account = await createPasskeyAccount(config, { name: 'Ada', policy })
      expect((await signIn(configFor(stack, device))).address).toBe(account.address)
      const hashes = await policyOf(at(account, configFor(stack, device)))
      expect(hashes.map((hash) => (hash === undefined ? 0 : 1))).toEqual([relay.sentOn(chainA), relay.sentOn(chainB)])
      if (steps() < step) break
      expect(relay.sentOn(chainB)).toBe(1)
    }
  })

  test('[215] whose only chain has it but never said so is found by its passkey; one that no chain has cost nothing', async () => {
    const policy = walletPolicy(stack)
    const found: boolean[] = []
    for (let step = 1; ; step += 1) {
      const device = createDevice(`creating alone, ${step}`)
      const relay = countingRelay(stack)
      const { config, steps } = breakingLine(stack, device, { chainId: chainA, step, relay })
      const alone = { ...config, chains: config.chains.filter(({ id }) => id === chainA) }
      const created = await createPasskeyAccount(alone, { name: 'Ada', policy }).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^CHAIN_/) })
          return false
        },
      )
      if (created) break
      const isThere = relay.sentOn(chainA) === 1
      found.push(isThere)
      const again = signIn(configFor(stack, device))
      if (isThere) expect(await policyOf(await again)).toEqual([expect.stringMatching(/^0x/), undefined])
      else await expect(again).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' })
      expect(steps()).toBeGreaterThanOrEqual(step)
    }
    expect(new Set(found)).toEqual(new Set([false, true]))
  })
})
