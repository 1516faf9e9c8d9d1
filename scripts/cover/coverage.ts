// Which lines and branches of the contracts the Solidity tests reach, measured by forge:
//   pnpm coverage [--json]
// Every line and branch must be reached, or stand in unseen.data.ts with the reason why the tool does not see it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { listFiles } from '../gen/files.ts'
import { judgeCoverage } from './judgeCoverage.ts'
import { parseLcov } from './lcov.ts'
import { leftOut, unfitTests, unseen } from './unseen.data.ts'

const root = resolve(import.meta.dirname, '../..')
const isJson = process.argv.includes('--json')
const reportPath = join(root, 'cache/forge/lcov.info')

mkdirSync(join(root, 'cache/forge'), { recursive: true })
rmSync(reportPath, { force: true })
const forge = join(root, 'node_modules/.bin/forge')
const ran = spawnSync(
  forge,
  [
    ...['coverage', '--ir-minimum', '--report', 'lcov', '--report-file', reportPath],
    ...['--no-match-test', unfitTests.join('|'), '--color', 'never'],
    ...leftOut.flatMap((files) => ['--skip', files]),
  ],
  { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', isJson ? 'pipe' : 'inherit'] },
)
if (!isJson) process.stdout.write(ran.stdout)
const failed = ran.stdout.split('\n').filter((line) => line.startsWith('[FAIL'))

const sources = new Map(
  listFiles(root)
    .filter((file) => file.startsWith('contracts/') && file.endsWith('.sol'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
)
const results = [
  { name: 'tests pass in the build for coverage', ok: ran.status === 0, detail: failed.join('; ') || said(ran.status) },
  ...judgeCoverage(sources, parseLcov(readReport()), unseen),
]
const misses = results.filter(({ ok }) => !ok)
if (isJson) console.log(JSON.stringify({ results }))
else {
  for (const { name, ok, detail } of results) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}`)
  console.log(`${results.length - misses.length} passed, ${misses.length} failed`)
}
process.exitCode = misses.length > 0 ? 1 : 0

function said(status: number | null): string {
  return status === 0 ? 'all of them' : `forge ended with ${status}: ${(ran.stderr ?? '').slice(-500)}`
}

function readReport(): string {
  try {
    return readFileSync(reportPath, 'utf8')
  } catch {
    return ''
  }
}
