import { resolve } from 'node:path'
import type { Check, CheckResult } from './check.ts'
import { commandChecks } from './commands.ts'
import { contractLimits, contractSnapshots } from './contractSnapshots.ts'
import { forbiddenWords } from './forbiddenWords.ts'
import { generatedFiles } from './generated.ts'
import { licences } from './licences.ts'
import { renderJson, renderLine, runChecks } from './report.ts'
import { solidityArchitecture } from './solidityArchitecture.ts'
import { typescriptArchitecture } from './typescriptArchitecture.ts'

const checks: readonly Check[] = [
  ...commandChecks,
  typescriptArchitecture,
  solidityArchitecture,
  generatedFiles,
  contractSnapshots,
  contractLimits,
  licences,
  forbiddenWords,
]

const root = resolve(import.meta.dirname, '../..')
const isJson = process.argv.includes('--json')
const report = (name: string, result: CheckResult): void => {
  if (!isJson) console.log(renderLine(name, result))
}

const results = await runChecks(checks, root, report)
const failed = results.filter(({ ok }) => !ok).length
console.log(isJson ? renderJson(results) : `\n${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
