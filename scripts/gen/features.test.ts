import { expect, test } from 'vitest'
import { features } from './features.data.ts'
import { renderFeatures } from './features.ts'
import { typeScriptTestNames } from './namedTests.ts'

const row = { id: 'A1', what: 'It works', proofs: [['a.test.ts', 'works']], open: 'Not on Sundays.' } as const

test('a promise is listed with its tests and what they leave open', () => {
  const page = renderFeatures([row], { 'a.test.ts': ['a | b works', 'other'] })
  expect(page).toContain('| A1 | It works | [a.test.ts](../a.test.ts): “a \\| b works” | Not on Sundays. |')
})

test('a test that is no more, or is one of several, is refused', () => {
  expect(() => renderFeatures([row], { 'a.test.ts': ['other'] })).toThrow('a.test.ts has no test named “works”.')
  expect(() => renderFeatures([row], {})).toThrow('no test')
  expect(() => renderFeatures([row], { 'a.test.ts': ['works', 'works too'] })).toThrow('several tests')
})

test('every promise has a test, and stands once', () => {
  expect(features.filter(({ proofs }) => proofs.length === 0)).toEqual([])
  expect(new Set(features.map(({ id }) => id)).size).toBe(features.length)
})

test('names are found in calls, tables and suites, and not in comments', () => {
  const source = "describe('one', () => { test.each([1])('two %s', () => {}) })\n// test('three')\nlog('four')"
  expect(typeScriptTestNames('a.test.ts', source)).toEqual(['one', 'two %s'])
})
