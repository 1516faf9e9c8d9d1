export type TestStatus = 'passed' | 'failed'

/** One test that ran, as written to `reports/tests.json`. */
export type TestResult = {
  suite: string
  name: string
  status: TestStatus
  durationMs: number
  error?: string
}

/** What a suite's own runner reported about one test. Anything but passed and failed means that it did not run. */
export type ReportedTest = {
  name: string
  status: string
  durationMs: number
  error?: string | undefined
}

export type SuiteOutcome = {
  suite: string
  /** Undefined when the suite wrote no report, or one that cannot be read. */
  tests: ReportedTest[] | undefined
  /** Undefined when the suite was stopped: it ran too long, or was interrupted. */
  exitCode: number | undefined
  durationMs: number
  /** Things that went wrong around the tests, in words. */
  problems: string[]
}

function judgeTest(suite: string, test: ReportedTest): TestResult {
  const { name, durationMs, status } = test
  if (status === 'passed') return { suite, name, status: 'passed', durationMs }
  const error = test.error ?? (status === 'failed' ? 'failed without a message' : `did not run: ${status}`)
  return { suite, name, status: 'failed', durationMs, error }
}

/** Why the suite as a whole counts as failed, beyond its failed tests. */
function suiteProblems(outcome: SuiteOutcome, results: TestResult[]): string[] {
  const problems = [...outcome.problems]
  if (outcome.tests === undefined) problems.push('no report that can be read')
  else if (results.length === 0) problems.push('no test ran')
  const hasFailure = problems.length > 0 || results.some((result) => result.status === 'failed')
  if (outcome.exitCode === undefined && problems.length === 0) problems.push('stopped before its end')
  else if (outcome.exitCode !== 0 && !hasFailure) problems.push(`ended with exit code ${outcome.exitCode}`)
  return problems
}

/**
 * The results of one suite. A skipped test, an empty suite, a crash and a missing report all become failures:
 * a run is green only when everything that was declared ran.
 */
export function judgeSuite(outcome: SuiteOutcome): TestResult[] {
  const { suite, durationMs } = outcome
  const results = (outcome.tests ?? []).map((test) => judgeTest(suite, test))
  const problems = suiteProblems(outcome, results)
  if (problems.length === 0) return results
  return [
    ...results,
    { suite, name: `${suite} runs to its end`, status: 'failed', durationMs, error: problems.join('; ') },
  ]
}

export function countResults(results: readonly TestResult[]): { passed: number; failed: number } {
  const passed = results.filter((result) => result.status === 'passed').length
  return { passed, failed: results.length - passed }
}

/** The last line of a run. */
export function summarize(results: readonly TestResult[]): string {
  const { passed, failed } = countResults(results)
  return `${passed} passed, ${failed} failed`
}

/** Zero only when at least one test ran and none failed. */
export function exitCodeOf(results: readonly TestResult[]): number {
  const { passed, failed } = countResults(results)
  return failed === 0 && passed > 0 ? 0 : 1
}
