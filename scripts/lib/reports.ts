import { relative } from 'node:path'
import type { ReportedTest } from './results.ts'

/** A report that does not have the shape its writer promised. */
export class UnreadableReportError extends Error {
  override name = 'UnreadableReportError'
}

type Fields = Record<string, unknown>

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null) throw new UnreadableReportError(`${what} is not an object`)
  return value as Fields
}

function listOf(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new UnreadableReportError(`${what} is not a list`)
  return value
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new UnreadableReportError(`${what} is not a text`)
  return value
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0
}

/** What vitest's JSON reporter wrote. A file that could not be loaded has no tests and counts as one failure. */
export function parseVitestReport(json: string, root: string): ReportedTest[] {
  const files = listOf(fieldsOf(JSON.parse(json), 'the report').testResults, 'testResults')
  return files.flatMap((entry) => {
    const file = fieldsOf(entry, 'a file')
    const path = relative(root, textOf(file.name, 'the name of a file'))
    const tests = listOf(file.assertionResults, 'assertionResults').map((assertion) => vitestTest(path, assertion))
    const isExplained = tests.some((test) => test.status === 'failed')
    if (tests.length > 0 && (file.status === 'passed' || isExplained)) return tests
    const error = typeof file.message === 'string' && file.message !== '' ? file.message : 'no test in this file ran'
    return [...tests, { name: path, status: 'failed', durationMs: 0, error }]
  })
}

function vitestTest(path: string, value: unknown): ReportedTest {
  const test = fieldsOf(value, 'a test')
  const messages = Array.isArray(test.failureMessages) ? test.failureMessages.map(String) : []
  return {
    name: `${path} > ${textOf(test.fullName, 'the name of a test')}`,
    status: textOf(test.status, 'the status of a test'),
    durationMs: numberOf(test.duration),
    error: messages.length > 0 ? messages.join('\n') : undefined,
  }
}

/** What the Solidity runner hands over per contract; the part of its result that is used. */
export type SolidityContract = {
  id: { name: string; source: string }
  testResults: {
    name: string
    status: string
    durationNs: bigint
    reason?: string | undefined
    counterexample?: unknown
  }[]
}

const solidityStatus: Record<string, string> = { Success: 'passed', Failure: 'failed', Skipped: 'skipped' }

/** A test contract without a test counts as one failure: it was written to test something. */
export function solidityTests(contracts: readonly SolidityContract[]): ReportedTest[] {
  return contracts.flatMap(({ id, testResults }) => {
    const contract = `${id.source.replace(/^project\//, '')}:${id.name}`
    if (testResults.length === 0) return [{ name: contract, status: 'failed', durationMs: 0, error: 'no test ran' }]
    return testResults.map((test) => ({
      name: `${contract} > ${test.name}`,
      status: solidityStatus[test.status] ?? test.status,
      durationMs: Number(test.durationNs / 1_000_000n),
      error: test.status === 'Failure' ? solidityError(test) : undefined,
    }))
  })
}

function solidityError({ reason, counterexample }: SolidityContract['testResults'][number]): string {
  const text = reason || 'reverted without a reason'
  return counterexample == null ? text : `${text}; counterexample ${JSON.stringify(counterexample, plainValue)}`
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  return value
}

/** A list of tests that one of our own runners wrote. */
export function parseTestList(json: string): ReportedTest[] {
  return listOf(JSON.parse(json), 'the report').map((value) => {
    const test = fieldsOf(value, 'a test')
    return {
      name: textOf(test.name, 'the name of a test'),
      status: textOf(test.status, 'the status of a test'),
      durationMs: numberOf(test.durationMs),
      error: typeof test.error === 'string' ? test.error : undefined,
    }
  })
}

/** What a check printed with `--json`: its last line that is JSON. Each check is one test. */
export function parseCheckOutput(output: string): ReportedTest[] {
  const line = output.split('\n').findLast((text) => text.trimStart().startsWith('{'))
  if (line === undefined) throw new UnreadableReportError('no line of JSON was printed')
  return listOf(fieldsOf(JSON.parse(line), 'the line').results, 'results').map((value) => {
    const check = fieldsOf(value, 'a check')
    return {
      name: textOf(check.name, 'the name of a check'),
      status: check.ok === true ? 'passed' : 'failed',
      durationMs: numberOf(check.durationMs),
      error: check.ok === true || check.detail === undefined ? undefined : String(check.detail),
    }
  })
}
