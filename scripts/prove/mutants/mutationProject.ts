import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFiles, writeProject } from '../project.ts'
import { fingerprint, withoutPure } from '../schemata.ts'
import type { BreakableSources } from './breakable.ts'
import type { MutationTarget } from './targets.data.ts'

/** A built copy in which every mutant of a target can be switched on. */
export interface MutationProject {
  readonly place: string
  readonly tests: readonly string[]
  /** What a survivor outlived: changes with any contract or test. */
  readonly whole: string
  /** What a mutant that the tests of this file killed was killed by: other test files may change. */
  readonly killerOf: (test: string) => string
}

/** One place per target and working copy: after a change only what changed is compiled again. */
export function prepareMutationProject(
  root: string,
  target: MutationTarget,
  { files: broken }: BreakableSources,
): MutationProject {
  const files = projectFiles(root, {
    tests: target.tests,
    contract: (path, source) => broken.get(path) ?? withoutPure(source),
    additions: broken,
    scripts: ['lib/reports.ts', 'lib/results.ts', 'prove/mutants/worker.ts'],
  })
  const copy = createHash('sha256').update(root).digest('hex').slice(0, 8)
  const place = join(tmpdir(), 'rekey-mutants', `${target.name}-${copy}`)
  writeProject(root, place, files)
  const isTest = (path: string): boolean => path.endsWith('.t.sol')
  const code = fingerprint([...files].filter(([path]) => !isTest(path) && !path.startsWith('scripts/')).flat())
  const tests = target.tests.map((test) => `test/contracts/${test}`)
  const killerOf = (test: string): string => fingerprint([code, files.get(test) ?? ''])
  return { place, tests, killerOf, whole: fingerprint(tests.map(killerOf)) }
}
