import { keccak256, parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { deployChain } from '../../scripts/deploy/deployChain.ts'
import { singletons } from '../../scripts/deploy/manifest.ts'
import { planDeployment } from '../../scripts/deploy/plan.ts'
import { readSingletons, singletonsText } from '../../scripts/deploy/records.ts'
import { localAccount, localKey } from '../../scripts/stack/accounts.ts'
import { startLocalChain } from './support/localChain.ts'

const plan = planDeployment(singletons, readArtifact)
const privateKey = localKey('deployer')
const names = plan.map(({ name }) => name)

describe('deploying to several chains', () => {
  test('[206] gives every singleton the same address on each, with the code its initcode makes there', async () => {
    await using osaka = await startLocalChain({ chainId: 31337, hardfork: 'osaka' })
    await using prague = await startLocalChain({ chainId: 31338, hardfork: 'prague' })
    const reports = await Promise.all([osaka, prague].map(({ target }) => deployChain(target, plan, { privateKey })))
    expect(reports.map(({ status, p256, problems }) => ({ status, p256, problems }))).toEqual([
      { status: 'deployed', p256: 'present', problems: [] },
      { status: 'deployed', p256: 'absent', problems: [] },
    ])
    for (const { after, transactions } of reports) {
      expect(after.map(({ address, state }) => ({ address, state }))).toEqual(
        plan.map(({ address }) => ({ address, state: 'present' })),
      )
      expect(transactions.map(({ name }) => name)).toEqual(names)
    }
    for (const { address } of plan)
      for (const { client } of [osaka, prague]) expect(await client.getCode({ address })).toMatch(/^0x(..)+$/)
  })

  test('twice sends nothing the second time', async () => {
    await using chain = await startLocalChain()
    await deployChain(chain.target, plan, { privateKey })
    const block = await chain.client.getBlockNumber()
    const again = await deployChain(chain.target, plan, { privateKey })
    expect(again).toMatchObject({ status: 'unchanged', transactions: [], cost: 0n, problems: [] })
    expect(await chain.client.getBlockNumber()).toBe(block)
  })

  test('[289] goes on where a run stopped half way', async () => {
    await using chain = await startLocalChain()
    await deployChain(chain.target, plan.slice(0, 2), { privateKey })
    const resumed = await deployChain(chain.target, plan, { privateKey })
    expect(resumed.before.map(({ state }) => state)).toEqual(names.map((_, at) => (at < 2 ? 'present' : 'missing')))
    expect(resumed.status).toBe('deployed')
    expect(resumed.transactions.map(({ name }) => name)).toEqual(names.slice(2))
  })

  test('[210] a stranger who deploys first only saves us the gas', async () => {
    await using chain = await startLocalChain()
    await deployChain(chain.target, plan.slice(0, 1), { privateKey: localKey('stranger') })
    const report = await deployChain(chain.target, plan, { privateKey })
    expect(report).toMatchObject({ status: 'deployed', problems: [] })
    expect(report.transactions.map(({ name }) => name)).toEqual(names.slice(1))
  })

  test('[207] the build has the initcode hashes that are committed', () => {
    expect(singletonsText(plan)).toBe(readSingletons())
  })
})

describe('a dry run', () => {
  test('needs no key, says what is missing and what it costs, and changes nothing', async () => {
    await using chain = await startLocalChain()
    const block = await chain.client.getBlockNumber()
    const report = await deployChain(chain.target, plan, { isDryRun: true })
    expect(report).toMatchObject({ status: 'ready', transactions: [], problems: [] })
    expect(report.before.map(({ state }) => state)).toEqual(names.map(() => 'missing'))
    expect(report.cost).toBeGreaterThan(0n)
    expect(await chain.client.getBlockNumber()).toBe(block)
    for (const { address } of plan) expect(await chain.client.getCode({ address })).toBeUndefined()
  })

  test('estimates no less than the deployment then uses, and not a quarter more', async () => {
    await using chain = await startLocalChain()
    const { before, transactions } = await deployChain(chain.target, plan, { privateKey })
    const estimated = before.reduce((sum, { gas }) => sum + gas, 0n)
    const used = transactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
    expect(estimated).toBeGreaterThanOrEqual(used)
    expect(estimated).toBeLessThan((used * 5n) / 4n)
  })
})

test('without a key nothing is sent', async () => {
  await using chain = await startLocalChain()
  const report = await deployChain(chain.target, plan, {})
  expect(report).toMatchObject({ status: 'failed', transactions: [], problems: [{ code: 'KeyMissing' }] })
})

test('an EOA that cannot pay is told how much is missing, before anything is sent', async () => {
  await using chain = await startLocalChain()
  const { address } = localAccount('deployer')
  await chain.client.setBalance({ address, value: parseEther('0.000001') })
  const report = await deployChain(chain.target, plan, { privateKey })
  expect(report).toMatchObject({ status: 'failed', transactions: [], problems: [{ code: 'InsufficientFunds' }] })
  expect(await chain.client.getTransactionCount({ address })).toBe(1)
})

test('code hashes in the report are those of the chain', async () => {
  await using chain = await startLocalChain()
  const { after } = await deployChain(chain.target, plan.slice(0, 1), { privateKey })
  const [first] = after
  const code = first && (await chain.client.getCode({ address: first.address }))
  expect(first?.codeHash).toBe(keccak256(code ?? '0x'))
})
