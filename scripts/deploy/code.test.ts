import { concatHex, type Hex, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { compareCode, matchesTemplate } from './code.ts'

const PUSH32: Hex = '0x7f'
const word = (value: bigint | number): Hex => toHex(value, { size: 32 })
const code = (immutable: bigint | number): Hex => concatHex([PUSH32, word(immutable), '0x5000'])
const immutables = [{ start: 1, length: 32 }]

describe('compareCode', () => {
  test('equal code is the same', () => {
    expect(compareCode(code(1), code(1), immutables)).toBe('same')
  })

  test('a self-test that would pass today and did not then is told from any other difference', () => {
    expect(compareCode(code(0), code(1), immutables)).toBe('self-test-failed')
    expect(compareCode(code(1), code(0), immutables)).toBe('different')
    expect(compareCode(code(0), code(2), immutables)).toBe('different')
    expect(compareCode(code(7), code(1), immutables)).toBe('different')
  })

  test('code that differs outside of immutables is different', () => {
    expect(compareCode(concatHex([code(0), '0x00']), code(1), immutables)).toBe('different')
    expect(compareCode(code(0).replace('5000', '5001') as Hex, code(1), immutables)).toBe('different')
    expect(compareCode(code(0), code(1), [])).toBe('different')
  })
})

describe('matchesTemplate', () => {
  test('lets the constructor fill in placeholders and nothing else', () => {
    expect(matchesTemplate(code(99), code(0))).toBe(true)
    expect(matchesTemplate(code(99), code(98))).toBe(false)
    expect(matchesTemplate(concatHex([code(99), '0x00']), code(0))).toBe(false)
  })

  test('zeros that are data of a shorter push are no placeholder', () => {
    const template = concatHex(['0x617f00', PUSH32, word(1)])
    expect(matchesTemplate(concatHex(['0x617f01', PUSH32, word(1)]), template)).toBe(false)
  })

  test('a push cut off at the end of the code is no placeholder', () => {
    expect(matchesTemplate('0x7f0001', '0x7f0000')).toBe(false)
  })
})
