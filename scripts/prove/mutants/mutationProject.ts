import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFiles, writeProject } from '../project.ts'
import { fingerprint, withoutPure } from '../schemata.ts'
import type { BreakableSources } from './breakable.ts'
import { UncompiledError } from './compiler.ts'
import type { MutationTarget } from './targets.data.ts'

/**
 * The runner repeats every failing test with all its memory recorded at every step, for the sake of a stack trace; that takes
 * gigabytes of a long test. It does not where a test might not be repeatable, as one that has looked at the environment.
 */
function unrepeatable(path: string, source: string): string {
  if (path !== 'test/utils/Test.sol') return source
  const head = 'abstract contract Test is Assertions {'
  if (!source.includes(head)) throw new UncompiledError(`${path} has no line "${head}"`)
  return source.replace(head, `${head} constructor() { vm.envOr("REKEY_MUTANT", false); }`)
}

/** A built copy in which every mutant of a target can be switched on. */
export interface MutationProject {
  readonly place: string
  readonly tests: readonly string[]
  /** What has to be compiled: the tests, and what they deploy. */
  readonly roots: readonly string[]
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
    contract: (path, source) => broken.get(path) ?? withoutPure(unrepeatable(path, source)),
    additions: broken,
    ...(target.optimizerSteps === undefined ? {} : { optimizerSteps: target.optimizerSteps }),
    scripts: ['lib/reports.ts', 'lib/results.ts', 'prove/mutants/worker.ts'],
  })
  const copy = createHash('sha256').update(root).digest('hex').slice(0, 8)
  const place = join(tmpdir(), 'rekey-mutants', `${target.name}-${copy}`)
  writeProject(root, place, files)
  const isTest = (path: string): boolean => path.endsWith('.t.sol')
  const code = fingerprint([...files].filter(([path]) => !isTest(path) && !path.startsWith('scripts/')).flat())
  const tests = target.tests.map((test) => `test/contracts/${test}`)
  const killerOf = (test: string): string => fingerprint([code, files.get(test) ?? ''])
  return { place, tests, roots: [...target.deploys, ...tests], killerOf, whole: fingerprint(tests.map(killerOf)) }
}
