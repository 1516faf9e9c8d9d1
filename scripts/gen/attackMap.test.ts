import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseCatalogue } from './attackCatalogue.ts'
import { joinRanges, renderAttackMap } from './attackMap.ts'
import { namedSolidityTests, namedTypeScriptTests } from './namedTests.ts'

const catalogue = [
  '## A. First',
  '| 1 | one | fails |',
  '| 2 | two | fails |',
  '## P. Invariants',
  '| I1 | holds |',
].join('\n')

test('the catalogue of the repository has 289 attacks, 50 invariants and 100 bad tokens', async () => {
  const groups = parseCatalogue(await readFile(resolve(import.meta.dirname, '../../docs/attacks.md'), 'utf8'))
  const rows = groups.flatMap((group) => group.rows)
  expect(rows.filter(({ id }) => /^\d/.test(id))).toHaveLength(289)
  expect(rows.filter(({ id }) => id.startsWith('I'))).toHaveLength(50)
  expect(rows.filter(({ id }) => id.startsWith('J'))).toHaveLength(100)
  expect(rows.filter(({ id, outcome }) => !id.startsWith('I') && outcome === '')).toEqual([])
  expect(groups.map(({ letter }) => letter).join('')).toBe('ABCDEFGHIJKLMNOPQ')
})

test('a gap in the numbers of the catalogue is refused', () => {
  expect(() => parseCatalogue('## A. First\n| 2 | two | fails |')).toThrow(
    'Row 2 of the attack catalogue stands where 1',
  )
})

test('names of TypeScript tests are found in calls, tables, suites and templates, not elsewhere', () => {
  const source = [
    "test('[1] [2] both', () => {})",
    "it.each([1, 2])('[2] of %s', () => {})",
    'describe(`[1] suite $' + '{name}`, () => { test("plain", () => {}) })',
    "log('[2] not a test')",
    "// test('[2] in a comment')",
    "test.each([['[J3] a row', 1], [`[J4] $" + "{what}`, 2], ['no row [1]', 3]])('%s', () => {})",
  ].join('\n')
  expect(namedTypeScriptTests('a.test.ts', source)).toEqual([
    { path: 'a.test.ts', name: '[1] [2] both', rows: ['1', '2'] },
    { path: 'a.test.ts', name: '[2] of %s', rows: ['2'] },
    { path: 'a.test.ts', name: '[1] suite $' + '{name}', rows: ['1'] },
    { path: 'a.test.ts', name: '[J3] a row', rows: ['J3'] },
    { path: 'a.test.ts', name: '[J4] $' + '{what}', rows: ['J4'] },
  ])
})

test('names of Solidity tests come from the lines directly above and from invariant names', () => {
  const source = [
    '/// [1] first',
    '/// [2] second',
    'function test_both() public {',
    '/// [1] too far away',
    'uint256 x;',
    'function test_none() public {',
    '  function invariant_01_holds() external {',
    '/// [2] a helper',
    'function helper() internal {',
  ].join('\n')
  expect(namedSolidityTests('A.t.sol', source)).toEqual([
    { path: 'A.t.sol', name: 'test_both', rows: ['1', '2'] },
    { path: 'A.t.sol', name: 'invariant_01_holds', rows: ['I1'] },
  ])
})

test('the map lists covered rows with their tests and the others as open', () => {
  const map = renderAttackMap(parseCatalogue(catalogue), [{ path: 'A.t.sol', name: 'test_one', rows: ['1'] }])
  expect(map).toContain('| A First | 2 | 1 | 0 | 1 |')
  expect(map).toContain('**1** one\n\n- `A.t.sol`: test_one\n')
  expect(map).toContain('- **A First**, 1 of 2: 2\n- **P Invariants**, 1 of 1: I1\n')
})

test('a row decided otherwise stands apart with its reason, and is not open', () => {
  const decided = catalogue.replace('| 2 | two | fails |', '| 2 | two | fails. *Decided otherwise*: no such thing |')
  const map = renderAttackMap(parseCatalogue(decided), [{ path: 'A.t.sol', name: 'test_one', rows: ['1'] }])
  expect(map).toContain('| A First | 2 | 1 | 1 | 0 |')
  expect(map).toContain('## Decided otherwise\n\n- **2** two: no such thing\n')
  expect(map).not.toContain('- **A First**, ')
})

test('a test that names a row outside the catalogue is refused', () => {
  const tests = [{ path: 'A.t.sol', name: 'test_x', rows: ['3'] }]
  expect(() => renderAttackMap(parseCatalogue(catalogue), tests)).toThrow('names row 3')
})

test('open rows are printed as ranges', () => {
  expect(joinRanges(['1', '2', '3', '7', '9', '10'])).toBe('1–3, 7, 9–10')
  expect(joinRanges(['I1', 'I2', 'I4'])).toBe('I1–I2, I4')
  expect(joinRanges(['J99', 'J100'])).toBe('J99–J100')
})
