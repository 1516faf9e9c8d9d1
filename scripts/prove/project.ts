import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { listFiles } from '../gen/files.ts'
import { fingerprint, type Guard, type GuardGroup, makeBreakable, withoutPure } from './schemata.ts'

/**
 * Settings under which a build of everything takes a minute: nothing is optimised but what keeps the stack shallow. Small
 * fuzz sizes: a guard that only thousands of runs notice has no test.
 */
const config = `import base from './base.config.ts'
const [compiler] = base.solidity.compilers
compiler.settings.optimizer = { enabled: true, runs: 1, details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ':' } } }
base.solidity.overrides = {}
base.test.solidity.fuzz.runs = 16
base.test.solidity.coinbase = process.env.REKEY_COINBASE
export default base
`

/** What a copy of the project is made of. */
export interface ProjectRecipe {
  /** Below `test/contracts/`; no other test is in the copy. */
  readonly tests: readonly string[]
  /** A contract as it stands in the copy. */
  readonly contract: (path: string, source: string) => string
  /** Files that the project does not have, by path. */
  readonly additions?: ReadonlyMap<string, string>
  /** Steps of the optimiser, where a build without any has too many variables for the stack. */
  readonly optimizerSteps?: string
  /** Files of `scripts/` that run the tests. */
  readonly scripts: readonly string[]
}

/** Every file of a copy in which the contracts can be broken at run time, by path. */
export function projectFiles(root: string, recipe: ProjectRecipe): Map<string, string> {
  const isWanted = (path: string) =>
    path.startsWith('contracts/') ||
    path.startsWith('test/utils/') ||
    (path.startsWith('test/contracts/') &&
      (!path.endsWith('.t.sol') || recipe.tests.some((test) => path === `test/contracts/${test}`)))
  const files = new Map<string, string>()
  for (const path of listFiles(root).filter((file) => file.endsWith('.sol') && isWanted(file))) {
    files.set(path, recipe.contract(path, readFileSync(join(root, path), 'utf8')))
  }
  for (const [path, content] of recipe.additions ?? []) files.set(path, content)
  files.set('hardhat.config.ts', config.replace("':'", `'${recipe.optimizerSteps ?? ':'}'`))
  files.set('base.config.ts', readFileSync(join(root, 'hardhat.config.ts'), 'utf8'))
  files.set('package.json', '{ "type": "module" }\n')
  for (const path of recipe.scripts) files.set(`scripts/${path}`, readFileSync(join(root, 'scripts', path), 'utf8'))
  return files
}

/** A copy of the project in which the guards of one group can be broken one at a time, with the group's tests alone. */
export interface GuardProject {
  /** Another one for other contracts, tests or guards. */
  readonly build: string
  /** Writes the copy where it is not there yet, and says where. */
  readonly prepare: () => string
}

export function guardProject(root: string, group: GuardGroup, numbers: ReadonlyMap<Guard, number>): GuardProject {
  const files = projectFiles(root, {
    tests: group.tests,
    contract: (path, source) => {
      const guards = group.guards.filter((guard) => guard.file === path)
      return guards.length > 0 ? makeBreakable(source, guards, numbers) : withoutPure(source)
    },
    scripts: ['lib/runSolidity.ts', 'lib/reports.ts', 'lib/results.ts'],
  })
  const build = `${group.name}-${fingerprint([...files].flat())}`
  const prepare = (): string => {
    const place = join(tmpdir(), 'rekey-guards', build)
    if (existsSync(join(place, 'complete'))) return place
    rmSync(place, { recursive: true, force: true })
    writeProject(root, place, files)
    writeFileSync(join(place, 'complete'), '')
    return place
  }
  return { build, prepare }
}

/** Writes what differs and removes what is gone, so that a copy that was built before is built quickly again. */
export function writeProject(root: string, place: string, files: ReadonlyMap<string, string>): void {
  for (const path of existsSync(place) ? listFiles(place) : []) {
    if (path.endsWith('.sol') && !files.has(path)) rmSync(join(place, path))
  }
  for (const [path, content] of files) {
    const target = join(place, path)
    if (existsSync(target) && readFileSync(target, 'utf8') === content) continue
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  cpSync(join(root, 'vectors'), join(place, 'vectors'), { recursive: true })
  if (!existsSync(join(place, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
}
