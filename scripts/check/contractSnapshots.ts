import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCompiled } from '../gen/artifacts.ts'
import { readSolidity, type SolidityFile } from '../gen/files.ts'
import { sizes, snapshots } from '../gen/snapshots.ts'
import { problemCheck } from './check.ts'

const maxRuntimeBytes = 18 * 1024
const maxLines = 450

/** Sizes, initcode hashes and storage layouts equal their snapshots: an address and a layout never change unnoticed. */
export const contractSnapshots = problemCheck('contract snapshots', async (root) => {
  const problems: string[] = []
  for (const { path, content } of await snapshots.generate(root)) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => '{}')
    problems.push(...diffSnapshot(path, JSON.parse(committed), JSON.parse(content)))
  }
  return { problems, summary: 'size, initcode hash and storage layout are as recorded' }
})

/** Contracts stay small enough to read and to deploy everywhere. */
export const contractLimits = problemCheck('contract limits', async (root) => {
  const sources = findLongSources(await readSolidity(root))
  const { contracts } = await readCompiled(root)
  const large = findLargeContracts(contracts.map((contract) => ({ name: contract.name, ...sizes(contract) })))
  return {
    problems: [...sources, ...large],
    summary: `each ≤ ${maxRuntimeBytes} bytes at run time, ≤ ${maxLines} lines`,
  }
})

/** Contracts whose entry differs between the recorded and the current snapshot, each with both values. */
export function diffSnapshot(
  path: string,
  recorded: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(current)])].sort()
  return names
    .filter((name) => JSON.stringify(recorded[name]) !== JSON.stringify(current[name]))
    .map((name) => `${path}: ${name} was ${show(recorded[name])}, is ${show(current[name])}`)
}

export function findLargeContracts(contracts: readonly { name: string; runtime: number }[]): readonly string[] {
  return contracts
    .filter(({ runtime }) => runtime > maxRuntimeBytes)
    .map(({ name, runtime }) => `${name} has ${runtime} bytes of runtime code, more than ${maxRuntimeBytes}`)
}

export function findLongSources(files: readonly SolidityFile[]): readonly string[] {
  return files
    .map(({ path, source }) => ({ path, lines: source.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${maxLines}`)
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}
