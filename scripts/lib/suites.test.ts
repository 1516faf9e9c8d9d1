import { expect, test } from 'vitest'
import { isBeside, selectSuites, suites } from './suites.ts'

test('names are unique, and fit a file name', () => {
  const names = suites.map((suite) => suite.name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/)
})

test('the same bytecode is tested under every hardfork', () => {
  const hardforks = suites.flatMap((suite) => (suite.runner === 'solidity' ? [suite.hardfork] : []))
  expect(hardforks.sort()).toEqual(['cancun', 'osaka', 'prague'])
})

test('a suite is chosen by its name or by the part before a dash', () => {
  expect(selectSuites('unit').map((suite) => suite.name)).toEqual(['unit'])
  expect(selectSuites('contracts')).toHaveLength(3)
  expect(selectSuites('contracts-osaka')).toHaveLength(1)
  expect(selectSuites('uni')).toEqual([])
})

test('what runs beside the others is no part of a stack, and nothing that measures', () => {
  const beside = suites.filter(isBeside)
  expect(beside.map(({ name }) => name)).toEqual(['arithmetic', 'coverage'])
})
