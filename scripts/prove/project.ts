import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

/** A copy of the project in which the guards of one group can be broken one at a time, with the group's tests alone. */
export function prepareProject(root: string, group: GuardGroup, numbers: ReadonlyMap<Guard, number>): string {
  const isWanted = (path: string) =>
    path.startsWith('contracts/') ||
    path.startsWith('test/utils/') ||
    (path.startsWith('test/contracts/') &&
      (!path.endsWith('.t.sol') || group.tests.some((test) => path === `test/contracts/${test}`)))
  const files = new Map<string, string>()
  for (const path of listFiles(root).filter((file) => file.endsWith('.sol') && isWanted(file))) {
    const source = readFileSync(join(root, path), 'utf8')
    const guards = group.guards.filter((guard) => guard.file === path)
    files.set(path, guards.length > 0 ? makeBreakable(source, guards, numbers) : withoutPure(source))
  }
  files.set('hardhat.config.ts', config)
  files.set('base.config.ts', readFileSync(join(root, 'hardhat.config.ts'), 'utf8'))
  files.set('package.json', '{ "type": "module" }\n')
  for (const path of ['runSolidity.ts', 'reports.ts', 'results.ts']) {
    files.set(`scripts/lib/${path}`, readFileSync(join(root, 'scripts/lib', path), 'utf8'))
  }

  const place = join(tmpdir(), 'rekey-guards', `${group.name}-${fingerprint([...files].flat())}`)
  if (existsSync(join(place, 'complete'))) return place
  rmSync(place, { recursive: true, force: true })
  for (const [path, content] of files) {
    mkdirSync(join(place, path, '..'), { recursive: true })
    writeFileSync(join(place, path), content)
  }
  cpSync(join(root, 'vectors'), join(place, 'vectors'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  writeFileSync(join(place, 'complete'), '')
  return place
}
