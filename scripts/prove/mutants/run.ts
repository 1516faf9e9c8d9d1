import type { ReportedTest } from '../../lib/results.ts'
import {
  type Baseline,
  createKillerOrder,
  firstKill,
  isFailed,
  LEAST_SECONDS,
  TIERS,
  tiering,
  UselessBuildError,
} from './killers.ts'
import type { Mutant } from './mutant.ts'
import type { MutationProject } from './mutationProject.ts'
import { type MutationResult, resultOf } from './results.ts'
import { buildProject, startTester, type Tester, type TestUnit } from './tester.ts'

const MOST_GAS = 1_000_000_000
const GAS = [30_000_000, 100_000_000, 300_000_000]
/** A unit may take so many times what it took without a mutant, and never less than this: others use the machine too. */
const FACTOR = 20
const MOST_SECONDS = 1_200

interface Listener {
  /** As soon as a mutant is decided; in no certain order if there are several jobs. */
  readonly report: (result: MutationResult) => void
  readonly log: (line: string) => void
}

/** Runs every mutant: first the quickest tests with all of them, then ever slower ones with those that are left. */
export async function runMutants(
  target: string,
  project: MutationProject,
  mutants: readonly Mutant[],
  jobs: number,
  { report, log }: Listener,
): Promise<void> {
  if (mutants.length === 0) return
  await buildProject(project.place, project.roots)
  const testers = [startTester(project.place)]
  try {
    const baseline = await measure(testers[0] as Tester, project)
    if (baseline.unfit.size > 0) log(`left out, since they fail in this build: ${[...baseline.unfit].join('; ')}`)
    while (testers.length < jobs) testers.push(startTester(project.place))
    let left = mutants
    for (const units of baseline.tiers) {
      if (left.length < mutants.length) log(`${left.length} left for slower tests: ${left.map(nameOf).join(', ')}`)
      const survivors: Mutant[] = []
      const order = createKillerOrder(units)
      const queue = [...left]
      const work = async (tester: Tester): Promise<void> => {
        for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
          const startedAt = performance.now()
          const kill = await firstKill(tester, mutant.number, order.of(mutant.file), baseline)
          if (kill === undefined) {
            survivors.push(mutant)
            continue
          }
          order.noteKill(mutant.file, kill.unit)
          const proof = project.killerOf(kill.unit.test)
          report(resultOf(target, mutant, { ...kill.result, seconds: secondsSince(startedAt), proof }))
        }
      }
      await Promise.all(testers.map(work))
      left = survivors
    }
    for (const mutant of left) {
      report(
        resultOf(target, mutant, { outcome: 'survived', test: '', killedBy: '', seconds: 0, proof: project.whole }),
      )
    }
  } finally {
    for (const tester of testers) tester.stop()
  }
}

function nameOf({ file, line, operator, text }: Mutant): string {
  return `${file.replace(/.*\//, '')}:${line} ${operator}: ${text.slice(0, 60)}`
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10
}

async function measure(tester: Tester, project: MutationProject): Promise<Baseline> {
  const unfit = new Set<string>()
  const limits = new Map<TestUnit, number>()
  const fit = new Map<string, readonly ReportedTest[]>()
  for (const test of project.tests) {
    const tests = await resultsOf(tester, { test, names: [], gas: MOST_GAS })
    if (tests.length === 0) unfit.add(test)
    for (const { name } of tests.filter(isFailed)) unfit.add(name)
    fit.set(
      test,
      tests.filter((entry) => !isFailed(entry)),
    )
  }
  const tierOf = tiering([...fit.values()].flat())
  const tiers = TIERS.map((): TestUnit[] => [])
  for (const [index, tier] of tiers.entries()) {
    for (const [test, tests] of fit) {
      const own = tests.filter((entry) => tierOf(entry) === index)
      if (own.length === 0) continue
      const unit = await withLeastGas(tester, { test, names: own.map(({ name }) => functionName(name)), gas: MOST_GAS })
      const seconds = own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
      tier.push(unit)
      limits.set(unit, Math.max(LEAST_SECONDS, seconds * FACTOR))
    }
  }
  if (limits.size === 0) throw new UselessBuildError(`No test passes in ${project.place}: ${[...unfit].join('; ')}`)
  return { unfit, tiers, limits }
}

/** The unit with as little gas as its tests pass with: what never ends fails the sooner. */
async function withLeastGas(tester: Tester, unit: TestUnit): Promise<TestUnit> {
  for (const gas of GAS) {
    const results = await resultsOf(tester, { ...unit, gas })
    if (results.length > 0 && !results.some(isFailed)) return { ...unit, gas }
  }
  return unit
}

async function resultsOf(tester: Tester, unit: TestUnit): Promise<readonly ReportedTest[]> {
  return (await tester.run(0, unit, MOST_SECONDS)) ?? []
}

/** `f` of `path:Contract > f(uint256)`. */
function functionName(name: string): string {
  return (name.split(' > ')[1] ?? name).replace(/\(.*$/, '')
}
