import { expect, test } from 'vitest'
import { explainIn } from './explanations.ts'
import type { MutationResult } from './results.ts'
import { document, percent, problemsOf, scoreOf, summarize, table } from './summary.ts'

const target = { name: 'A', files: ['A.sol'], tests: [], deploys: [] }

function results(killed: number, survived: number): MutationResult[] {
  return Array.from({ length: killed + survived }, (_, index) => ({
    target: 'A',
    number: index + 1,
    operator: 'removed',
    file: 'A.sol',
    line: index + 1,
    text: `a = ${index};`,
    lineText: `a = ${index};`,
    outcome: index < killed ? (index === 0 ? 'endless' : 'killed') : 'survived',
    test: '',
    killedBy: '',
    seconds: 1,
    proof: '',
  }))
}

const why = explainIn('A.sol', [['removed', 'a = 19;', 'a = 19;', 'Nobody reads it.']])

test('an explained survivor lowers the score like any other', () => {
  const summary = summarize(target, results(19, 1), 20, why)
  expect(scoreOf(summary)).toBe(0.95)
  expect(problemsOf(summary)).toEqual([])
  expect(summary).toMatchObject({ mutants: 20, killed: 19, endless: 1, undecided: 0 })
})

test('too few killed, a survivor without explanation and a stale explanation are problems', () => {
  const tooFew = summarize(target, results(18, 2), 20, why)
  expect(problemsOf(tooFew)).toEqual(['A: 90.0 % killed, 95.0 % wanted', 'SURVIVED A.sol:19 removed: a = 18;'])
  const stale = summarize(target, results(20, 0), 20, why)
  expect(problemsOf(stale)).toEqual(['EXPLAINED BUT NOT A SURVIVOR A.sol removed: a = 19;'])
})

test('what is not run to the end is no kill', () => {
  const summary = summarize(target, results(19, 0), 20, [])
  expect(scoreOf(summary)).toBe(0.95)
  expect(problemsOf(summary)).toEqual(['A: 1 not run to the end'])
})

test('explanations of other targets are not looked at', () => {
  const others = explainIn('B.sol', [['removed', 'b;', 'b;', 'Else.']])
  expect(problemsOf(summarize(target, results(20, 0), 20, others))).toEqual([])
})

test('a share is rounded down', () => {
  expect(percent(0.94999)).toBe('94.9 %')
  expect(percent(1)).toBe('100.0 %')
})

test('the table and the document show score, survivors and explanations', () => {
  const summary = summarize(target, results(19, 1), 20, why)
  expect(table([summary]).split('\n')[1]).toMatch(/^A +20 +19 +1 +1 +1 +0 +95\.0 %$/)
  expect(document([summary])).toContain('| A | 20 | 19 | 1 | 1 | 1 | 0 | 95.0 % |')
  expect(document([summary])).toContain('- `A.sol:20` removed: `a = 19;`. Nobody reads it.')
  expect(document([summarize(target, results(20, 0), 20, [])])).toContain('No survivor.')
})
