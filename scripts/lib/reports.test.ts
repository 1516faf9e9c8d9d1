import { describe, expect, test } from 'vitest'
import { parseCheckOutput, parseTestList, parseVitestReport, solidityTests, UnreadableReportError } from './reports.ts'

describe('vitest', () => {
  const assertion = { fullName: 'math adds', status: 'passed', duration: 1.6, failureMessages: [] }
  const report = (file: object) => JSON.stringify({ testResults: [{ name: '/repo/a.test.ts', message: '', ...file }] })

  test('each assertion is one test', () => {
    const failed = { ...assertion, fullName: 'math divides', status: 'failed', failureMessages: ['by zero'] }
    expect(parseVitestReport(report({ status: 'failed', assertionResults: [assertion, failed] }), '/repo')).toEqual([
      { name: 'a.test.ts > math adds', status: 'passed', durationMs: 2, error: undefined },
      { name: 'a.test.ts > math divides', status: 'failed', durationMs: 2, error: 'by zero' },
    ])
  })

  test('a skipped test keeps its status, for the judge to refuse', () => {
    const skipped = { ...assertion, status: 'skipped', duration: null, failureMessages: null }
    const [test] = parseVitestReport(report({ status: 'passed', assertionResults: [skipped] }), '/repo')
    expect(test).toMatchObject({ status: 'skipped', durationMs: 0 })
  })

  test('a file that cannot be loaded is one failure', () => {
    expect(
      parseVitestReport(report({ status: 'failed', message: 'SyntaxError', assertionResults: [] }), '/repo'),
    ).toEqual([{ name: 'a.test.ts', status: 'failed', durationMs: 0, error: 'SyntaxError' }])
  })

  test('a file without a test is one failure', () => {
    expect(parseVitestReport(report({ status: 'passed', assertionResults: [] }), '/repo')).toMatchObject([
      { name: 'a.test.ts', status: 'failed', error: 'no test in this file ran' },
    ])
  })

  test('a file whose hook failed after green tests is one failure more', () => {
    const tests = parseVitestReport(
      report({ status: 'failed', message: 'afterAll', assertionResults: [assertion] }),
      '/repo',
    )
    expect(tests.map(({ status }) => status)).toEqual(['passed', 'failed'])
  })

  test.each(['{}', '[]', '{"testResults":[{"name":1}]}', 'null'])('another shape is refused: %s', (json) => {
    expect(() => parseVitestReport(json, '/repo')).toThrow(UnreadableReportError)
  })
})

describe('Solidity', () => {
  const id = { name: 'MathTest', source: 'test/contracts/Math.t.sol' }

  test('statuses, durations and reasons', () => {
    const testResults = [
      { name: 'test_adds()', status: 'Success', durationNs: 3_200_000n },
      { name: 'test_divides()', status: 'Failure', durationNs: 0n, reason: 'by zero' },
      { name: 'test_later()', status: 'Skipped', durationNs: 0n },
    ]
    expect(solidityTests([{ id, testResults }])).toEqual([
      { name: 'test/contracts/Math.t.sol:MathTest > test_adds()', status: 'passed', durationMs: 3, error: undefined },
      {
        name: 'test/contracts/Math.t.sol:MathTest > test_divides()',
        status: 'failed',
        durationMs: 0,
        error: 'by zero',
      },
      { name: 'test/contracts/Math.t.sol:MathTest > test_later()', status: 'skipped', durationMs: 0, error: undefined },
    ])
  })

  test('a counterexample is part of the error', () => {
    const counterexample = { calldata: new Uint8Array([1, 255]), gas: 5n }
    const testResults = [{ name: 'testFuzz_adds(uint256)', status: 'Failure', durationNs: 0n, counterexample }]
    expect(solidityTests([{ id, testResults }])[0]?.error).toBe(
      'reverted without a reason; counterexample {"calldata":"0x01ff","gas":"5"}',
    )
  })

  test('a contract without a test is one failure', () => {
    expect(solidityTests([{ id, testResults: [] }])).toMatchObject([{ status: 'failed', error: 'no test ran' }])
  })

  test('the written list is read back', () => {
    const tests = [{ name: 'a', status: 'failed', durationMs: 1, error: 'no' }]
    expect(parseTestList(JSON.stringify(tests))).toEqual(tests)
    expect(() => parseTestList('{}')).toThrow(UnreadableReportError)
    expect(() => parseTestList('[{"name":"a"}]')).toThrow('the status of a test')
  })
})

describe('checks', () => {
  test('the last line of JSON counts, whatever else was printed', () => {
    const results = [
      { name: 'imports', ok: true, detail: 'clean' },
      { name: 'licences', ok: false, detail: 'one is missing' },
    ]
    expect(parseCheckOutput(`{"not":"this"}\nworking\n${JSON.stringify({ results })}\ndone\n`)).toEqual([
      { name: 'imports', status: 'passed', durationMs: 0, error: undefined },
      { name: 'licences', status: 'failed', durationMs: 0, error: 'one is missing' },
    ])
  })

  test('a check that does not say that it is ok has failed', () => {
    expect(parseCheckOutput('{"results":[{"name":"sizes","ok":"yes"}]}')).toMatchObject([{ status: 'failed' }])
  })

  test('no JSON at all is refused', () => {
    expect(() => parseCheckOutput('crashed\n')).toThrow('no line of JSON')
  })
})
