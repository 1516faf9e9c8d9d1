import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../../scripts/deploy/artifacts.ts'
import type { ChainRecord } from '../../scripts/deploy/records.ts'
import { localKey } from '../../scripts/stack/accounts.ts'
import { temporaryDirectory } from './support/directory.ts'
import { startLocalChain } from './support/localChain.ts'

const privateKey = localKey('deployer')
type Outcome = { readonly exitCode: number | null; readonly output: string; readonly errors: string }

async function deploy(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const script = path.join(repositoryRoot, 'scripts/deploy/deploy.ts')
  const child = spawn(process.execPath, ['--conditions=@rekey/source', script, ...args], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { exitCode, output, errors }
}

describe('the deploy command', () => {
  test('[289] deploys to the chains of a file, records them, ends with 1 for the one that failed', async () => {
    await using good = await startLocalChain({ chainId: 31337 })
    await using other = await startLocalChain({ chainId: 31338 })
    using directory = temporaryDirectory()
    const chains = path.join(directory.path, 'chains.json')
    writeFileSync(chains, JSON.stringify([good.target, { ...other.target, chainId: 1337 }]))

    const first = await deploy(['--chains', chains], { DEPLOYER_PRIVATE_KEY: privateKey })
    expect(first.exitCode).toBe(1)
    expect(first.output).toContain('WrongChain: The node is on chain 31338, not 1337.')
    expect(first.output).toContain('1 of 2 chains failed: local 31338. Run the same command again')

    const file = path.join(repositoryRoot, '.rekey/deployments/31337.json')
    const record = JSON.parse(readFileSync(file, 'utf8')) as ChainRecord
    expect(record).toMatchObject({ chainId: 31337, p256: 'present' })
    for (const { address, transactionHash } of record.singletons) {
      const receipt = await good.client.getTransactionReceipt({ hash: transactionHash ?? '0x' })
      expect(receipt.status).toBe('success')
      expect(await good.client.getCode({ address })).toBeDefined()
    }

    writeFileSync(chains, JSON.stringify([good.target, other.target]))
    const second = await deploy(['--chains', chains], { DEPLOYER_PRIVATE_KEY: privateKey })
    expect(second).toMatchObject({ exitCode: 0, errors: '' })
    expect(second.output).toContain('nothing to do')
    expect(second.output).toContain('2 of 2 chains in order.')
  })

  test('prints JSON, and in a dry run needs no key', async () => {
    await using chain = await startLocalChain()
    const { exitCode, output } = await deploy(['--rpc', chain.target.rpcUrl, '--dry-run', '--json'], {})
    expect(exitCode).toBe(0)
    expect(JSON.parse(output)).toMatchObject([{ status: 'ready', chainId: 31337, transactions: [] }])
  })

  test('takes no key from the command line and never prints the one it has', async () => {
    await using chain = await startLocalChain()
    const without = await deploy(['--rpc', `31337=${chain.target.rpcUrl}`], {})
    expect(without).toMatchObject({ exitCode: 1, output: '' })
    expect(without.errors).toContain('KeyMissing: DEPLOYER_PRIVATE_KEY is not set.')
    const onCommandLine = await deploy(['--rpc', `31337=${chain.target.rpcUrl}`, '--private-key', privateKey], {})
    expect(onCommandLine).toMatchObject({ exitCode: 1, output: '' })
    const malformed = await deploy(['--rpc', `31337=${chain.target.rpcUrl}`], {
      DEPLOYER_PRIVATE_KEY: `${privateKey}00`,
    })
    expect(malformed.exitCode).toBe(1)
    for (const { output, errors } of [without, malformed]) expect(output + errors).not.toContain(privateKey.slice(2))
  })
})
