import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { guardGroups } from './guards.data.ts'
import { coverOf, type Guard, locate, makeBreakable, StaleGuardError, switchOf } from './schemata.ts'

const root = resolve(import.meta.dirname, '../..')
const guards = guardGroups.flatMap((group) => group.guards)
const guard: Guard = { name: 'x', file: 'A.sol', text: 'a == b', replacement: 'true' }

test('every listed guard stands exactly once in its file, apart from the others', () => {
  for (const file of new Set(guards.map((entry) => entry.file))) {
    const source = readFileSync(resolve(root, file), 'utf8')
    const own = guards.filter((entry) => entry.file === file)
    expect(() => makeBreakable(source, own, new Map())).not.toThrow()
  }
})

test('every guard has a name of its own and a replacement that differs', () => {
  expect(guards.length).toBeGreaterThan(100)
  for (const group of guardGroups) {
    const names = group.guards.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    for (const { text, replacement } of group.guards) {
      expect(replacement).not.toBe(text)
      // Only a statement can be left out: an expression that is not there does not compile.
      if (!text.endsWith(';')) expect(replacement).not.toBe('')
    }
    for (const path of group.tests)
      expect(readFileSync(resolve(root, 'test/contracts', path), 'utf8')).toContain('test')
  }
})

test('a text that is gone, that occurs twice or that lies over another is refused', () => {
  expect(() => locate('if (a == c)', guard)).toThrow(StaleGuardError)
  expect(() => locate('a == b; a == b', guard)).toThrow('more than once')
  expect(() => makeBreakable('a == b', [guard, { ...guard, text: '== b' }], new Map())).toThrow('overlaps')
})

test('expressions, statements and Yul are kept beside their replacements', () => {
  const numbers = new Map([[guard, 1]])
  const address = switchOf(1)
  expect(makeBreakable('function f() pure { if (a == b) {} }', [guard], numbers)).toBe(
    `function f() view { if ((uint160(address(block.coinbase)) == ${Number(address)} ? (true) : (a == b))) {} }`,
  )
  const statement: Guard = { ...guard, text: 'a = 1;', replacement: '' }
  expect(makeBreakable('a = 1;', [statement], new Map([[statement, 1]]))).toBe(
    `if (uint160(address(block.coinbase)) == ${Number(address)}) {  } else { a = 1; }`,
  )
  const yul: Guard = { ...guard, text: 'f(x)', replacement: '1', isYul: true }
  expect(makeBreakable('and(f(x), y)', [yul], new Map([[yul, 1]]))).toBe(
    `and(add(mul(eq(coinbase(), ${address}), 1), mul(iszero(eq(coinbase(), ${address})), f(x))), y)`,
  )
})

test('what covers a guard is broken with it, what it covers is not', () => {
  const second: Guard = { ...guard, name: 'y', text: 'c', coveredBy: 'x' }
  const third: Guard = { ...guard, name: 'z', text: 'd', coveredBy: 'y', isYul: true }
  const numbers = new Map([guard, second, third].map((entry, index) => [entry, index + 1]))
  const on = (...switches: number[]): string =>
    switches.map((number) => `uint160(address(block.coinbase)) == ${Number(switchOf(number))}`).join(' || ')
  expect(makeBreakable('a == b; c; d', [guard, second, third], numbers)).toBe(
    `(${on(1, 2, 3)} ? (true) : (a == b)); (${on(2, 3)} ? (true) : (c)); ` +
      `add(mul(eq(coinbase(), ${switchOf(3)}), true), mul(iszero(eq(coinbase(), ${switchOf(3)})), d))`,
  )
  const yul: Guard = { ...guard, isYul: true }
  expect(
    makeBreakable(
      'a == b; c',
      [yul, second],
      new Map([
        [yul, 1],
        [second, 2],
      ]),
    ),
  ).toContain(`mul(or(eq(coinbase(), ${switchOf(1)}), eq(coinbase(), ${switchOf(2)})), true)`)
})

test('a cover that is not listed is refused', () => {
  expect(coverOf(guard, [guard])).toBeUndefined()
  expect(() => coverOf({ ...guard, coveredBy: 'gone' }, [guard])).toThrow(StaleGuardError)
  expect(() => coverOf({ ...guard, file: 'B.sol', coveredBy: 'x' }, [guard])).toThrow('has no guard "x"')
})
