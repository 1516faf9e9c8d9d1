import { type Hex, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { DEPLOYER, ENTRY_POINT, P256VERIFY } from '../../scripts/deploy/constants.ts'
import { type ChainReport, deployChain } from '../../scripts/deploy/deployChain.ts'
import { singletons } from '../../scripts/deploy/manifest.ts'
import { planDeployment } from '../../scripts/deploy/plan.ts'
import { localAccount, localKey } from '../../scripts/stack/accounts.ts'
import { startTcpProxy } from '../../scripts/stack/tcpProxy.ts'
import { type LocalChain, startLocalChain } from './support/localChain.ts'

const plan = planDeployment(singletons, readArtifact)
const privateKey = localKey('deployer')
/** PUSH1 1 PUSH0 MSTORE PUSH1 32 PUSH0 RETURN: says yes to everything. */
const ALWAYS_ONE: Hex = '0x60015f5260205ff3'

/** Deploys, and expects that the chain is refused for this one reason with nothing sent. */
async function expectRefusal(chain: LocalChain, code: string, chainId = chain.target.chainId): Promise<ChainReport> {
  const { address } = localAccount('deployer')
  const nonce = await chain.client.getTransactionCount({ address })
  const report = await deployChain({ ...chain.target, ...(chainId ? { chainId } : {}) }, plan, { privateKey })
  expect(report).toMatchObject({ status: 'failed', transactions: [] })
  expect(report.problems.map((problem) => problem.code)).toEqual([code])
  expect(await chain.client.getTransactionCount({ address })).toBe(nonce)
  return report
}

describe('a chain is refused, and nothing is sent, when', () => {
  test('[289] it is not the chain that was named', async () => {
    await using chain = await startLocalChain()
    await expectRefusal(chain, 'WrongChain', 10)
  })

  test('[206] it has no deterministic deployer; the report says how to get one', async () => {
    await using chain = await startLocalChain()
    await chain.client.setCode({ address: DEPLOYER, bytecode: '0x' })
    const report = await expectRefusal(chain, 'DeployerMissing')
    expect(report.problems[0]?.remedy).toContain('deterministic-deployment-proxy')
  })

  test('[206] other code stands at the address of the deterministic deployer', async () => {
    await using chain = await startLocalChain()
    await chain.client.setCode({ address: DEPLOYER, bytecode: ALWAYS_ONE })
    await expectRefusal(chain, 'DeployerWrong')
  })

  test('it has no EntryPoint v0.8', async () => {
    await using chain = await startLocalChain()
    await chain.client.setCode({ address: ENTRY_POINT, bytecode: '0x' })
    await expectRefusal(chain, 'EntryPointMissing')
  })

  test('other code stands at the address of EntryPoint v0.8, be it one byte', async () => {
    await using chain = await startLocalChain()
    const code = (await chain.client.getCode({ address: ENTRY_POINT })) ?? '0x'
    const selector = toFunctionSelector('function depositTo(address)').slice(2)
    await chain.client.setCode({ address: ENTRY_POINT, bytecode: code.replace(selector, '00000000') as Hex })
    await expectRefusal(chain, 'EntryPointWrong')
  })

  test('[208] its EVM lacks an instruction', async () => {
    await using chain = await startLocalChain({ hardfork: 'shanghai' })
    const report = await expectRefusal(chain, 'EvmTooOld')
    expect(report.problems[0]?.message).toContain('MCOPY (EIP-5656)')
  })

  test('[30] whatever stands at 0x100 says yes to a bad signature', async () => {
    await using chain = await startLocalChain({ hardfork: 'prague' })
    await chain.client.setCode({ address: P256VERIFY, bytecode: ALWAYS_ONE })
    await expectRefusal(chain, 'P256Unsound')
  })

  test.each(plan.map(({ name, address }) => [name, address] as const))(
    '[206] other code stands at the address of %s',
    async (name, address) => {
      await using chain = await startLocalChain()
      await deployChain(chain.target, plan, { privateKey })
      await chain.client.setCode({ address, bytecode: ALWAYS_ONE })
      const report = await expectRefusal(chain, 'AddressTaken')
      expect(report.after.filter(({ state }) => state === 'wrong-code').map((observation) => observation.name)).toEqual(
        [name],
      )
    },
  )

  test('[30] a verifier that says yes to everything was put where ours belongs', async () => {
    await using chain = await startLocalChain()
    const verifier = plan.find(({ name }) => name === 'WebAuthnVerifier')
    await chain.client.setCode({ address: verifier?.address ?? '0x', bytecode: ALWAYS_ONE })
    await expectRefusal(chain, 'AddressTaken')
  })

  test('one byte of a singleton was changed', async () => {
    await using chain = await startLocalChain()
    await deployChain(chain.target, plan, { privateKey })
    const address = plan[0]?.address ?? '0x'
    const code = (await chain.client.getCode({ address })) ?? '0x'
    await chain.client.setCode({ address, bytecode: `${code.slice(0, -2)}01` as Hex })
    await expectRefusal(chain, 'AddressTaken')
  })
})

test('a chain that got P256VERIFY after our contracts keeps the slow build only when told so', async () => {
  await using before = await startLocalChain({ hardfork: 'prague' })
  await deployChain(before.target, plan, { privateKey })
  await using after = await startLocalChain({ hardfork: 'osaka' })
  await after.client.loadState({ state: await before.client.dumpState() })

  const refused = await deployChain(after.target, plan, { privateKey })
  const slow = plan.filter(({ probesP256 }) => probesP256).map(({ name }) => name)
  expect(refused.status).toBe('failed')
  expect(refused.problems.map(({ code }) => code)).toEqual(slow.map(() => 'PrecompileAppeared'))
  expect(refused.before.filter(({ state }) => state === 'fallback').map(({ name }) => name)).toEqual(slow)

  const accepted = await deployChain(after.target, plan, { privateKey, allowFallback: true })
  expect(accepted).toMatchObject({ status: 'unchanged', problems: [] })
})

test('[289] a node that is down fails alone and is made good by the next run', async () => {
  await using up = await startLocalChain({ chainId: 31337 })
  await using down = await startLocalChain({ chainId: 31338 })
  const proxy = await startTcpProxy(Number(new URL(down.target.rpcUrl).port))
  await proxy.close()
  const targets = [up.target, { ...down.target, rpcUrl: `http://127.0.0.1:${proxy.port}/?key=secret` }]

  const first = await Promise.all(targets.map((target) => deployChain(target, plan, { privateKey })))
  expect(first.map(({ status }) => status)).toEqual(['deployed', 'failed'])
  expect(first[1]?.problems).toEqual([expect.objectContaining({ code: 'ChainUnreachable' })])
  expect(JSON.stringify(first[1]?.problems)).not.toContain('secret')

  await proxy.open()
  const second = await Promise.all(targets.map((target) => deployChain(target, plan, { privateKey })))
  expect(second.map(({ status }) => status)).toEqual(['unchanged', 'deployed'])
  await proxy.close()
})
