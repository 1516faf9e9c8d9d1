// Runs every suite and ends with one line: N passed, N failed.
//   --deep           full sizes, with a new seed (REKEY_SEED pins it)
//   --only <suite>   one suite, or all whose names start with it; may be given more than once
//   --list           the suites, without running them
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { watchParent } from './lib/parent.mjs'
import { endAllGroups } from './lib/processGroup.ts'
import { countResults, exitCodeOf, summarize, type TestResult } from './lib/results.ts'
import { runSuite } from './lib/runSuite.ts'
import { chooseSeed } from './lib/seed.ts'
import { isBeside, type Suite, selectSuites, suites } from './lib/suites.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reportPath = join(root, 'reports', 'tests.json')
const results: TestResult[] = []

function readArguments() {
  const { values } = parseArgs({
    options: {
      deep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  return values
}

function chooseSuites(only: string[]): Suite[] {
  if (only.length === 0) return [...suites]
  const unknown = only.filter((name) => selectSuites(name).length === 0)
  if (unknown.length > 0) throw new Error(`No suite is called ${unknown.join(', ')}; npm test -- --list shows them.`)
  const chosen = new Set(only.flatMap(selectSuites))
  return suites.filter((suite) => chosen.has(suite))
}

/** Writes the report and prints the last line. */
function conclude(): void {
  mkdirSync(join(root, 'reports'), { recursive: true })
  writeFileSync(reportPath, `${JSON.stringify(results, null, 2)}\n`)
  for (const { suite, name, error } of results.filter((result) => result.status === 'failed')) {
    console.log(`FAILED ${suite}: ${name}\n  ${(error ?? '').split('\n').slice(0, 40).join('\n  ')}`)
  }
  console.log(summarize(results))
}

let isInterrupted = false

/** Ends what runs, leaves no process behind and reports what ran until then. */
async function interrupt(signal: NodeJS.Signals, exitCode: number): Promise<void> {
  if (isInterrupted) return
  isInterrupted = true
  await endAllGroups()
  results.push({
    suite: 'run',
    name: 'run to its end',
    status: 'failed',
    durationMs: 0,
    error: `interrupted by ${signal}`,
  })
  conclude()
  process.exit(exitCode)
}

async function run(chosen: Suite[], isDeep: boolean): Promise<void> {
  const seed = chooseSeed(process.env.REKEY_SEED, isDeep)
  if (isDeep) console.log(`Full sizes, seed ${seed} (REKEY_SEED=${seed} repeats this run)`)
  const inTurn = async (lane: Suite[]): Promise<void> => {
    for (const suite of lane) {
      const label = `[${chosen.indexOf(suite) + 1}/${chosen.length}] ${suite.name}`
      console.log(`\n${label}`)
      const startedAt = performance.now()
      const suiteResults = await runSuite(suite, { root, isDeep, seed })
      if (isInterrupted) return new Promise(() => {})
      results.push(...suiteResults)
      const { passed, failed } = countResults(suiteResults)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      console.log(`${label}: passed ${passed}, failed ${failed} (${seconds} s)`)
    }
  }
  await Promise.all([inTurn(chosen.filter((suite) => !isBeside(suite))), inTurn(chosen.filter(isBeside))])
}

const { deep, list, only } = readArguments()
const chosen = chooseSuites(only)
if (list) {
  for (const suite of chosen) console.log(suite.name)
} else {
  process.on('SIGINT', (signal) => void interrupt(signal, 130))
  process.on('SIGTERM', (signal) => void interrupt(signal, 143))
  process.on('SIGHUP', (signal) => void interrupt(signal, 129))
  watchParent(() => void interrupt('SIGTERM', 143))
  rmSync(reportPath, { force: true })
  await run(chosen, deep)
  console.log('')
  conclude()
  process.exitCode = exitCodeOf(results)
}
