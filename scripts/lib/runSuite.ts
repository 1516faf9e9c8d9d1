import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './chromium.ts'
import { runInGroup } from './processGroup.ts'
import { parseCheckOutput, parseTestList, parseVitestReport } from './reports.ts'
import { judgeSuite, type ReportedTest, type TestResult } from './results.ts'
import type { Suite } from './suites.ts'

export type RunOptions = { root: string; isDeep: boolean; seed: number }

/** A deep run has as much time as it needs, up to this many times the time of a run at CI size. */
const deepFactor = 60

type Plan = {
  args: string[]
  /** Reads the tests that ran, from the report file or from what was printed. */
  read: (output: string, exitCode: number | undefined, durationMs: number) => ReportedTest[]
  isOutputRead?: boolean
}

function planSuite(suite: Suite, root: string, reportPath: string): Plan {
  const readReport = () => readFileSync(reportPath, 'utf8')
  switch (suite.runner) {
    case 'build':
      return {
        args: [join(root, 'node_modules/hardhat/dist/src/cli.js'), 'build'],
        read: (_output, exitCode, durationMs) => [
          exitCode === 0
            ? { name: 'contracts compile', status: 'passed', durationMs }
            : { name: 'contracts compile', status: 'failed', durationMs, error: 'the compiler says why, above' },
        ],
      }
    case 'check':
      return {
        args: ['--conditions=@rekey/source', join(root, suite.script), ...suite.args],
        isOutputRead: true,
        read: parseCheckOutput,
      }
    case 'solidity':
      return {
        args: [join(root, 'scripts/lib/runSolidity.ts'), suite.hardfork, reportPath],
        read: () => parseTestList(readReport()),
      }
    case 'vitest':
      return {
        args: [
          join(root, 'node_modules/vitest/vitest.mjs'),
          ...[
            'run',
            '--project',
            suite.name,
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${reportPath}`,
          ],
        ],
        read: () => parseVitestReport(readReport(), root),
      }
  }
}

function environmentOf(suite: Suite, { isDeep, seed }: RunOptions): NodeJS.ProcessEnv {
  const environment = {
    ...process.env,
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
    REKEY_SEED: String(seed),
    REKEY_DEEP: isDeep ? '1' : '0',
    ...(suite.runner === 'solidity' ? { REKEY_HARDFORK: suite.hardfork } : {}),
  }
  if (suite.runner !== 'vitest' || !suite.usesChromium) return environment
  return { ...environment, CHROME_PATH: findChromium() }
}

/** Runs one suite to its end and judges it. Never throws: what goes wrong is a failed test. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<TestResult[]> {
  const startedAt = performance.now()
  const problems: string[] = []
  let tests: ReportedTest[] | undefined
  let exitCode: number | undefined
  try {
    const reportPath = join(options.root, 'reports', `${suite.name}.json`)
    mkdirSync(join(options.root, 'reports'), { recursive: true })
    rmSync(reportPath, { force: true })
    const plan = planSuite(suite, options.root, reportPath)
    const output: string[] = []
    const end = await runInGroup(process.execPath, plan.args, {
      environment: environmentOf(suite, options),
      timeoutMs: suite.minutes * 60_000 * (options.isDeep ? deepFactor : 1),
      onOutput: plan.isOutputRead ? (text) => output.push(text) : undefined,
    })
    exitCode = end.exitCode
    if (end.isTimedOut) problems.push(`took longer than ${suite.minutes} minutes and was stopped`)
    if (end.leftovers.length > 0) problems.push(`left processes behind: ${end.leftovers.join(', ')}`)
    tests = plan.read(output.join(''), exitCode, Math.round(performance.now() - startedAt))
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  return judgeSuite({
    suite: suite.name,
    tests,
    exitCode,
    durationMs: Math.round(performance.now() - startedAt),
    problems,
  })
}
