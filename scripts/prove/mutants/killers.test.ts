import { expect, test } from 'vitest'
import type { ReportedTest } from '../../lib/results.ts'
import { type Baseline, createKillerOrder, firstKill, tiering } from './killers.ts'
import type { TestUnit } from './tester.ts'

const unit = (test: string): TestUnit => ({ test, names: [], gas: 1 })
const [a, b, c] = [unit('A.t.sol'), unit('B.t.sol'), unit('C.t.sol')]
const passed = (name: string): ReportedTest => ({ name, status: 'passed', durationMs: 1 })
const failed = (name: string, error = 'NotTrue'): ReportedTest => ({ name, status: 'failed', durationMs: 1, error })
const baseline: Baseline = { unfit: new Set(['gas']), tiers: [[a, b, c]], limits: new Map() }

function testerOf(answers: Record<string, ReportedTest[] | undefined>) {
  const asked: string[] = []
  const run = async (_number: number, { test }: TestUnit) => {
    asked.push(test)
    return answers[test]
  }
  return { asked, run }
}

test('the first unit with a failing test kills, and no other is run', async () => {
  const tester = testerOf({ 'A.t.sol': [passed('x')], 'B.t.sol': [passed('y'), failed('z')], 'C.t.sol': [failed('w')] })
  const kill = await firstKill(tester, 1, [a, b, c], baseline)
  expect(kill).toEqual({ unit: b, result: { outcome: 'killed', test: 'B.t.sol', killedBy: 'z' } })
  expect(tester.asked).toEqual(['A.t.sol', 'B.t.sol'])
})

test('a test that fails without any mutant kills none', async () => {
  const tester = testerOf({ 'A.t.sol': [failed('gas')] })
  expect(await firstKill(tester, 1, [a], baseline)).toBeUndefined()
})

test('what runs out of gas or time is endless', async () => {
  const outOfGas = await firstKill(testerOf({ 'A.t.sol': [failed('x', 'EvmError: OutOfGas')] }), 1, [a], baseline)
  expect(outOfGas?.result.outcome).toBe('endless')
  const outOfTime = await firstKill(testerOf({}), 1, [a], baseline)
  expect(outOfTime?.result).toEqual({ outcome: 'endless', test: 'A.t.sol', killedBy: 'A.t.sol does not end' })
})

test('a unit in which no test runs is an error, not a survivor', async () => {
  await expect(firstKill(testerOf({ 'A.t.sol': [] }), 1, [a], baseline)).rejects.toThrow('No test of A.t.sol ran')
})

test('what killed last is asked first for the same contract', () => {
  const order = createKillerOrder([a, b, c])
  order.noteKill('X.sol', c)
  order.noteKill('X.sol', b)
  expect(order.of('X.sol')).toEqual([b, c, a])
  expect(order.of('Y.sol')).toEqual([a, b, c])
})

test('tests are in tiers by how quick they are among all', () => {
  const tests = Array.from({ length: 100 }, (_, index) => ({ ...passed(`${index}`), durationMs: 100 - index }))
  const tierOf = tiering(tests)
  const sizes = [0, 1, 2].map((tier) => tests.filter((entry) => tierOf(entry) === tier).length)
  expect(sizes).toEqual([80, 16, 4])
  expect(tests.map(tierOf).slice(0, 5)).toEqual([2, 2, 2, 2, 1])
})
