import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../../scripts/deploy/artifacts.ts'
import { singletons } from '../../scripts/deploy/manifest.ts'
import { startProcess } from '../../scripts/stack/managedProcess.ts'
import { readStackFile } from '../../scripts/stack/stackFile.ts'
import { startStack } from '../../scripts/stack/startStack.ts'
import { temporaryDirectory } from './support/directory.ts'

/** Processes whose working directory is the given one: all that a stack starts. */
function processesIn(directory: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readLink(`/proc/${pid}/cwd`) === directory)
    .map(Number)
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}

/** The whole stack in a process of its own, ready. */
async function startStackProcess(directory: string): Promise<ChildProcess> {
  const script = path.join(repositoryRoot, 'scripts/stack/up.ts')
  const child = spawn(process.execPath, ['--conditions=@rekey/source', script, '--directory', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) if (line.endsWith('s  ready')) return child
  throw new Error('The stack ended before it was ready.')
}

describe('no process is left', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('after %s', async (signal) => {
    using directory = temporaryDirectory()
    const child = await startStackProcess(directory.path)
    // Two nodes and two bundlers, each under its guard.
    expect(processesIn(directory.path)).toHaveLength(8)
    expect(readStackFile(directory.path)?.pid).toBe(child.pid)
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill(signal)
    expect(await exit).toBe(signal === 'SIGKILL' ? null : 0)
    await expect.poll(() => processesIn(directory.path), { timeout: 10_000 }).toEqual([])
    expect(readStackFile(directory.path)).toBeUndefined()
    expect(existsSync(path.join(directory.path, 'stack.json'))).toBe(signal === 'SIGKILL')
  })

  test('after a start that failed half way, and the error says why', async () => {
    using directory = temporaryDirectory()
    const manifest = singletons.map((singleton) =>
      singleton.name === 'GuardianRecovery'
        ? { ...singleton, args: (at: (name: string) => Address) => Array<Address>(6).fill(at('RekeyAccountFactory')) }
        : singleton,
    )
    await expect(startStack({ directory: directory.path, manifest, sites: [] })).rejects.toThrow(
      'The constructor of GuardianRecovery',
    )
    expect(processesIn(directory.path)).toEqual([])
    expect(existsSync(path.join(directory.path, 'stack.json'))).toBe(false)
  })
})

test('a file left by a stack that was killed does not keep the next one from starting', async () => {
  using directory = temporaryDirectory()
  const child = await startStackProcess(directory.path)
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
  await using stack = await startStack({ directory: directory.path, hasBundlers: false, sites: [] })
  expect(readStackFile(directory.path)).toEqual(stack.info)
})

test('a process of the stack that ends by itself is reported with the end of its log', async () => {
  using directory = temporaryDirectory()
  await using stack = await startStack({ directory: directory.path, hasBundlers: false, sites: [] })
  const [anvil] = processesIn(directory.path).filter(
    (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'anvil',
  )
  expect(anvil).toBeDefined()
  process.kill(anvil ?? 0, 'SIGKILL')
  await expect(stack.failed).rejects.toThrow(/anvil-3133\d ended\.[\s\S]*was ended by SIGKILL/)
})

describe('a process that does not come up', () => {
  test('shows the last lines of its log', async () => {
    using directory = temporaryDirectory()
    const script = 'console.log("one"); console.error("two: it broke"); process.exit(3)'
    const failing = startProcess({
      name: 'failing',
      command: process.execPath,
      args: ['-e', script],
      directory: directory.path,
    })
    await expect(failing.waitForLine(/never/, 10_000)).rejects.toThrow(
      /failing ended\. Its log: .*failing\.log[\s\S]*two: it broke/,
    )
  })

  test('that does not exist says so', async () => {
    using directory = temporaryDirectory()
    const missing = startProcess({ name: 'missing', command: '/nowhere/at/all', args: [], directory: directory.path })
    await expect(missing.waitForLine(/never/, 10_000)).rejects.toThrow('cannot run /nowhere/at/all')
  })

  test('is given up after a while and can be stopped', async () => {
    using directory = temporaryDirectory()
    const silent = startProcess({
      name: 'silent',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      directory: directory.path,
    })
    await expect(silent.waitForLine(/never/, 50)).rejects.toThrow('silent was not ready after 0.05 s')
    await silent.stop()
    expect(processesIn(directory.path)).toEqual([])
  })
})
