// The Solidity library through which the expressions of a breakable build go. One function per operation and type, so
// that overflow, conversion and the width of a shift stay those of the expression.

import { switchOf } from '../schemata.ts'

const FIRST_SWITCH = Number(switchOf(0))

/** Where the library stands in a breakable project. */
export const helperPath = 'contracts/Mutate.sol'

type Names = Readonly<Record<string, string>>

const arithmetic: Names = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod' }
const bitwise: Names = { '&': 'and', '|': 'or', '^': 'xor' }
const shifts: Names = { '<<': 'shl', '>>': 'shr' }
const comparisons: Names = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' }
const names: Names = { ...arithmetic, ...bitwise, ...shifts, ...comparisons }
const operators: Names = Object.fromEntries(Object.entries(names).map(([operator, name]) => [name, operator]))

/** What stands for an operator when it is broken. */
export const swapped: Names = {
  '+': '-',
  '-': '+',
  '*': '+',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '^': '|',
  '<<': '>>',
  '>>': '<<',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
}

export const isComparison = (operator: string): boolean => operator in comparisons
export const isShift = (operator: string): boolean => operator in shifts
export const isInteger = (type: string): boolean => /^u?int\d+$/.test(type)
export const isWord = (type: string): boolean => isInteger(type) || /^bytes\d+$/.test(type)

/** `left operator right`, and with the swapped operator under the switch of mutant `number`. */
export function swapCall(
  operator: string,
  type: string,
  isUnchecked: boolean,
  operands: readonly [string, string],
  number: number,
): string {
  const wraps = isUnchecked && operator in arithmetic
  return `Mutate.${names[operator]}${wraps ? 'Unchecked' : ''}_${type}(${operands.join(', ')}, ${number})`
}

/** `value`, and one more under the switch of mutant `number`. */
export function moreCall(type: string, value: string, number: number): string {
  return `Mutate.more_${type}(${value}, ${number})`
}

/** One step up from `value` for `++` or down for `--`, the other way under the switch of mutant `number`. */
export function stepCall(operator: string, type: string, isUnchecked: boolean, value: string, number: number): string {
  const name = operator === '++' ? 'increment' : 'decrement'
  return `Mutate.${name}${isUnchecked ? 'Unchecked' : ''}_${type}(${value}, ${number})`
}

/** `~value`, and `value` itself under the switch of mutant `number`. */
export function complementCall(type: string, value: string, number: number): string {
  return `Mutate.complement_${type}(${value}, ${number})`
}

export function isOn(number: number): string {
  return `Mutate.on(${number})`
}

/** The same in Yul: 1 under the switch of mutant `number`, else 0. */
export function isOnInYul(number: number): string {
  return `eq(coinbase(), 0x${(FIRST_SWITCH + number).toString(16)})`
}

/** The library with every function that `sources` call. */
export function helperLibrary(sources: readonly string[]): string {
  const calls = new Set(
    sources.flatMap((source) => [...source.matchAll(/\bMutate\.(\w+_\w+)\(/g)].map(([, name]) => name)),
  )
  const functions = [...calls].sort().map((name) => helper(name ?? ''))
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

library Mutate {
    function on(uint256 n) internal view returns (bool) {
        return uint160(address(block.coinbase)) == ${FIRST_SWITCH} + n;
    }
${functions.join('')}}
`
}

function helper(name: string): string {
  const [kind = '', type = ''] = name.split('_')
  const isUnchecked = kind.endsWith('Unchecked')
  const [parameters, result, body] = bodyOf(isUnchecked ? kind.slice(0, -'Unchecked'.length) : kind, type)
  return `
    function ${name}(${parameters}, uint256 n) internal view returns (${result}) {
        ${isUnchecked ? `unchecked { ${body} }` : body}
    }
`
}

function bodyOf(kind: string, type: string): readonly [parameters: string, result: string, body: string] {
  const one = `${type} a`
  if (kind === 'increment') return [one, type, 'return on(n) ? a - 1 : a + 1;']
  if (kind === 'decrement') return [one, type, 'return on(n) ? a + 1 : a - 1;']
  if (kind === 'complement') return [one, type, 'return on(n) ? a : ~a;']
  if (kind === 'more') {
    const number = isInteger(type) ? 'a' : `uint${Number(type.slice('bytes'.length)) * 8}(a)`
    return [one, type, `unchecked { return on(n) ? ${type}(${number} + 1) : a; }`]
  }
  const operator = operators[kind] ?? ''
  const right = isShift(operator) ? 'uint256 b' : `${type} b`
  const result = isComparison(operator) ? 'bool' : type
  return [`${one}, ${right}`, result, `return on(n) ? a ${swapped[operator]} b : a ${operator} b;`]
}
