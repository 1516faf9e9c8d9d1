import { expect, test } from 'vitest'
import { exitCodeOf, judgeSuite, type SuiteOutcome, summarize } from './results.ts'

const passed = { name: 'adds', status: 'passed', durationMs: 2 }

function outcome(changes: Partial<SuiteOutcome> = {}): SuiteOutcome {
  return { suite: 'unit', tests: [passed], exitCode: 0, durationMs: 10, problems: [], ...changes }
}

function lastError(changes: Partial<SuiteOutcome>) {
  return judgeSuite(outcome(changes)).at(-1)
}

test('a passed test of a suite that ended well is passed', () => {
  expect(judgeSuite(outcome())).toEqual([{ suite: 'unit', ...passed }])
})

test.each(['skipped', 'pending', 'todo', 'disabled', 'anything'])('a test that is %s counts as failed', (status) => {
  expect(judgeSuite(outcome({ tests: [passed, { ...passed, status }] }))).toEqual([
    { suite: 'unit', ...passed },
    { suite: 'unit', name: 'adds', status: 'failed', durationMs: 2, error: `did not run: ${status}` },
  ])
})

test('an empty suite counts as failed', () => {
  expect(lastError({ tests: [] })).toMatchObject({ status: 'failed', error: 'no test ran' })
})

test('a missing report counts as failed, even with exit code 0', () => {
  expect(lastError({ tests: undefined })).toMatchObject({ status: 'failed', error: 'no report that can be read' })
})

test('a crash after green tests counts as failed', () => {
  expect(lastError({ exitCode: 134 })).toMatchObject({ status: 'failed', error: 'ended with exit code 134' })
})

test('a suite that was stopped counts as failed', () => {
  expect(lastError({ exitCode: undefined })).toMatchObject({ status: 'failed', error: 'stopped before its end' })
})

test('a process left behind counts as failed', () => {
  expect(lastError({ problems: ['left processes behind: 7 anvil'] })).toMatchObject({ status: 'failed' })
})

test('a failed test explains its suite: no second failure is added', () => {
  const results = judgeSuite(outcome({ exitCode: 1, tests: [passed, { ...passed, status: 'failed', error: 'no' }] }))
  expect(results.map(({ status, error }) => [status, error])).toEqual([
    ['passed', undefined],
    ['failed', 'no'],
  ])
})

test('the last line and the exit code', () => {
  const results = judgeSuite(outcome({ tests: [passed, passed, { ...passed, status: 'skipped' }] }))
  expect(summarize(results)).toBe('2 passed, 1 failed')
  expect(exitCodeOf(results)).toBe(1)
  expect(exitCodeOf(judgeSuite(outcome()))).toBe(0)
})

test('a run without any test is not green', () => {
  expect(summarize([])).toBe('0 passed, 0 failed')
  expect(exitCodeOf([])).toBe(1)
})
