import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { indexNodes } from './mutants/ast.ts'
import { findMutants, readSources } from './mutants/breakable.ts'
import { analyse } from './mutants/compiler.ts'
import { applyEdits } from './mutants/edits.ts'
import { explanations } from './mutants/explained.data.ts'
import { explained, explainIn, matchExplanations } from './mutants/explanations.ts'
import { helperLibrary, stepCall, swapCall } from './mutants/helpers.ts'
import { asBytes, asText, editOf, type Mutant, numberCandidates } from './mutants/mutant.ts'
import { findCandidates } from './mutants/solidity.ts'
import { mutationTargets } from './mutants/targets.data.ts'

const root = resolve(import.meta.dirname, '../..')

function mutantsOf(body: string, outside = ''): { mutants: Mutant[]; broken: string } {
  const source = `pragma solidity ^0.8.37;\ncontract A {\n${outside}\nfunction f(uint256 a, uint8 b, bool c) public returns (uint256 r) {\n// – is three bytes\n${body}\n}\n}\n`
  const { trees, errors } = analyse(new Map([['A.sol', source]]), () => undefined)
  expect(errors).toEqual([])
  const tree = trees.get('A.sol')
  if (tree === undefined) throw new Error('no tree')
  const mutants = numberCandidates('A.sol', asBytes(source), findCandidates(tree, indexNodes([tree])), 1)
  const text = asText(applyEdits(asBytes(source), mutants.map(editOf)))
  const broken = text.slice(text.indexOf('bytes\n') + 'bytes\n'.length, text.lastIndexOf('\n}\n}'))
  const library = helperLibrary([text])
  const whole = analyse(new Map([['A.sol', `${text}${library.slice(library.indexOf('library'))}`]]), () => undefined)
  expect(whole.errors).toEqual([])
  return { mutants, broken }
}

function names(body: string, outside?: string): string[] {
  return mutantsOf(body, outside).mutants.map(({ operator, text }) => `${operator}: ${text}`)
}

test('edits may be nested, and of one range the lower layer is outside', () => {
  const wrap = (start: number, end: number, layer: number, name: string) => ({
    start,
    end,
    layer,
    write: (inside: (part: { start: number; end: number }) => string) => `${name}(${inside({ start, end })})`,
  })
  expect(applyEdits('a + b', [wrap(0, 1, 0, 'x'), wrap(0, 5, 1, 'in'), wrap(0, 5, 0, 'out')])).toBe('out(in(x(a) + b))')
  expect(() => applyEdits('abc', [wrap(0, 2, 0, 'x'), wrap(1, 3, 0, 'y')])).toThrow(RangeError)
})

test('an edit may write a part twice, with what is nested in it', () => {
  const double = {
    start: 0,
    end: 3,
    layer: 0,
    write: (inside: (part: { start: number; end: number }) => string) => inside({ start: 0, end: 1 }).repeat(2),
  }
  const inner = { start: 0, end: 1, layer: 0, write: () => 'y' }
  expect(applyEdits('x+1', [double, inner])).toBe('yy')
})

test('conditions and operands are forced, but not twice to the same effect', () => {
  expect(names('if (a > 1 && c) delete r;')).toEqual([
    'always true: a > 1 && c',
    'always false: a > 1 && c',
    'always true: a > 1',
    'boundary: a > 1',
    'one more: 1',
    'always true: c',
    'removed: delete r;',
  ])
  expect(names('bool d = true; c = d || c;')).toEqual([
    'always false: true',
    'removed: c = d || c;',
    'always true: d || c',
    'always false: d || c',
    'always false: d',
    'always false: c',
  ])
})

test('everything of a file stands in one text that compiles, on the same lines', () => {
  const { broken } = mutantsOf('for (uint256 i = 0; i < a; ++i)\nr += b;\nunchecked { r = r - 1; }\nreturn r << b;')
  expect(broken.split('\n')).toEqual([
    'for (uint256 i = Mutate.more_uint256(0, 1); (Mutate.on(2) || ((!Mutate.on(3) && (Mutate.lt_uint256(i, a, 4))))); (i = Mutate.increment_uint256(i, 5)))',
    '{ if (!Mutate.on(6)) { r = Mutate.add_uint256(r, b, 7); } }',
    'unchecked { { if (!Mutate.on(8)) { r = Mutate.subUnchecked_uint256(r, Mutate.more_uint256(1, 10), 9); } } }',
    'return (Mutate.on(11) ? uint256(0) : (Mutate.shl_uint256(r, b, 12)));',
  ])
})

test('literals and constants have the type that is wanted of them', () => {
  const { broken } = mutantsOf(
    'b = 7;\nr = M[2] + 1 hours;\nbytes1 d = bytes1(0x01);\nif (d == 0x02) revert E(5);\ng(3);\nr = 1 << b;',
    'uint256[4] M; error E(uint8 x); function g(uint16) private {}',
  )
  expect(broken).toContain('more_uint8(7')
  expect(broken).toContain('M[Mutate.more_uint256(2')
  expect(broken).toContain('more_uint256(1 hours')
  expect(broken).toContain('bytes1(Mutate.more_uint8(0x01')
  expect(broken).toContain('== Mutate.more_bytes1(0x02')
  expect(broken).toContain('revert E(Mutate.more_uint8(5')
  expect(broken).toContain('g(Mutate.more_uint16(3')
  expect(broken).toContain('shl_uint256(Mutate.more_uint256(1')
})

test('declarations, the arguments of events and array sizes stay as they are', () => {
  expect(names('uint256[3] memory m; emit X(1 + a); r = N;', 'event X(uint256 y); uint256 constant N = 4;')).toEqual([
    'removed: emit X(1 + a);',
    'removed: r = N;',
    'one more: N',
  ])
})

test('in assembly statements are removed, literals changed and conditions negated', () => {
  const { mutants, broken } = mutantsOf('assembly { if c { mstore(0, add(a, b)) } r := "x" }')
  expect(mutants.map(({ operator, text }) => `${operator}: ${text}`)).toEqual([
    'negated: c',
    'removed: mstore(0, add(a, b))',
    'one more: 0',
    'other operator: add(a, b)',
    'removed: r := "x"',
    'one more: "x"',
  ])
  expect(broken).toContain('xor("x", shl(248, eq(coinbase(), 0xdead0006)))')
})

test('a mutant says on which line it stands and in which text', () => {
  const [mutant] = mutantsOf('r = a;\n  r =\n a;').mutants.slice(1)
  expect(mutant).toMatchObject({ line: 7, text: 'r = a;', lineText: 'r =', operator: 'removed', number: 2 })
})

test('what does not compile without a value is known beforehand', () => {
  const { trees } = analyse(
    new Map([['A.sol', 'contract A { function f(bytes calldata b) public { bytes calldata d; d = b; } }']]),
    () => undefined,
  )
  const tree = trees.get('A.sol')
  expect(tree && findCandidates(tree, indexNodes([tree])).map(({ isRefused }) => isRefused)).toEqual([true])
})

test('the helpers compute as the expression did, and otherwise under their switch', () => {
  const library = helperLibrary([
    swapCall('+', 'uint8', true, ['a', 'b'], 1),
    swapCall('<', 'bytes32', true, ['a', 'b'], 2),
    stepCall('--', 'uint40', false, 'a', 3),
  ])
  expect(library).toContain('uint160(address(block.coinbase)) == 3735879680 + n')
  expect(library).toContain('unchecked { return on(n) ? a - b : a + b; }')
  expect(library).toContain(
    'function lt_bytes32(bytes32 a, bytes32 b, uint256 n) internal view returns (bool) {\n        return on(n) ? a <= b : a < b;',
  )
  expect(library).toContain('return on(n) ? a + 1 : a - 1;')
  expect(analyse(new Map([['M.sol', library]]), () => undefined).errors).toEqual([])
})

const entries = [
  { file: 'A.sol', operator: 'one more', text: '1', lineText: 'a = 1 + 1;', isDead: true },
  { file: 'A.sol', operator: 'one more', text: '1', lineText: 'a = 1 + 1;', isDead: false },
] as const

test('an explanation names one of several mutants that look alike', () => {
  const rows = explainIn('A.sol', [['one more', '1', 'a = 1 + 1;', 'Because.', 2]])
  const { whyOf, stale } = matchExplanations(rows, entries, ({ isDead }) => !isDead)
  expect(stale).toEqual([])
  expect(whyOf.get(entries[1])).toBe('Because.')
})

test('an explanation of what was killed, of what is gone and a second one are stale', () => {
  const rows = explainIn('A.sol', [
    ['one more', '1', 'a = 1 + 1;', 'It is the first.'],
    ['one more', '1', 'a = 1;', 'It is gone.'],
    ['one more', '1', 'a = 1 + 1;', 'Right.', 2],
    ['one more', '1', 'a = 1 + 1;', 'Twice.', 2],
  ])
  const { stale } = matchExplanations(rows, entries, ({ isDead }) => !isDead)
  expect(stale.map(({ why }) => why)).toEqual(['It is the first.', 'It is gone.', 'Twice.'])
})

test('every explanation is of a mutant that there is', () => {
  for (const { files } of mutationTargets) {
    const mutants = findMutants(root, readSources(root, files))
    expect(mutants.length).toBeGreaterThan(100)
    const gone = explanations.filter((entry) => files.includes(entry.file) && !explained(entry, mutants))
    expect(gone).toEqual([])
  }
}, 60_000)
