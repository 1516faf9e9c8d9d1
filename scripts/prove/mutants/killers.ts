import type { ReportedTest } from '../../lib/results.ts'
import type { MutationResult } from './results.ts'
import type { Tester, TestUnit } from './tester.ts'

/** What the unbroken contracts do in the breakable build. */
export interface Baseline {
  /** Tests that fail there: they measure gas or size, which this build has more of. */
  readonly unfit: ReadonlySet<string>
  /** The quickest tests first; in each tier one unit per test file that has such tests. */
  readonly tiers: readonly (readonly TestUnit[])[]
  /** Seconds that a unit may take. */
  readonly limits: ReadonlyMap<TestUnit, number>
}

/** A breakable build whose tests say nothing. */
export class UselessBuildError extends Error {
  override name = 'UselessBuildError'
}

export const LEAST_SECONDS = 120

export function isFailed({ status }: ReportedTest): boolean {
  return status !== 'passed'
}

/** What share of all tests, the quickest first, is in this tier or one before: seconds say little on a busy machine. */
export const TIERS = [0.8, 0.96, 1]

/** In which tier a test of these is. */
export function tiering(tests: readonly ReportedTest[]): (test: ReportedTest) => number {
  const ordered = [...tests].sort((a, b) => a.durationMs - b.durationMs)
  const ranks = new Map(ordered.map((test, index) => [test, (index + 1) / ordered.length]))
  return (test) => TIERS.findIndex((share) => (ranks.get(test) ?? 1) <= share)
}

export interface Kill {
  readonly unit: TestUnit
  readonly result: Pick<MutationResult, 'outcome' | 'test' | 'killedBy'>
}

/** The first of the units whose tests notice the mutant, and the first of these tests. */
export async function firstKill(
  tester: Pick<Tester, 'run'>,
  number: number,
  units: readonly TestUnit[],
  { unfit, limits }: Baseline,
): Promise<Kill | undefined> {
  for (const unit of units) {
    const { test } = unit
    const results = await tester.run(number, unit, limits.get(unit) ?? LEAST_SECONDS)
    if (results === undefined) return { unit, result: { outcome: 'endless', test, killedBy: `${test} does not end` } }
    if (results.length === 0) throw new UselessBuildError(`No test of ${test} ran with mutant ${number}`)
    const failed = results.find((entry) => isFailed(entry) && !unfit.has(entry.name))
    if (failed === undefined) continue
    const outcome = /OutOfGas/.test(failed.error ?? '') ? 'endless' : 'killed'
    return { unit, result: { outcome, test, killedBy: failed.name } }
  }
  return undefined
}

/** Test units in the order in which they killed mutants of the same contract, the latest first. */
export function createKillerOrder(units: readonly TestUnit[]): {
  readonly of: (file: string) => readonly TestUnit[]
  readonly noteKill: (file: string, unit: TestUnit) => void
} {
  const orders = new Map<string, readonly TestUnit[]>()
  const of = (file: string): readonly TestUnit[] => orders.get(file) ?? units
  return { of, noteKill: (file, unit) => orders.set(file, [unit, ...of(file).filter((other) => other !== unit)]) }
}
