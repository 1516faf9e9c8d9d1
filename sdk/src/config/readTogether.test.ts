import fc from 'fast-check'
import { concat, type Hex, numberToHex, pad, size } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeReader, encodeReader } from './readTogether.ts'

const hex = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const word = (value: number): Hex => pad(numberToHex(value), { size: 32 })

describe('what is asked with one request', () => {
  test('every call is in the code once, after all instructions', () => {
    const call = fc.record({ to: hex(20, 20), data: hex(0, 200) })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 6 }), (calls) => {
        const code = encodeReader(calls)
        const data = concat(['0x', ...calls.map((one) => one.data)])
        expect(code.endsWith(data.slice(2))).toBe(true)
        // head, 50 bytes per call, tail, data
        expect(size(code)).toBe(10 + stepSize * calls.length + 3 + size(data))
      }),
    )
  })

  test('answers come back in order and whole; cut, extended or reverted ones are refused', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.array(hex(0, 100), { maxLength: 5 }), (now, chainId, answers) => {
        const bytes = concat([word(now), word(chainId), ...answers.flatMap((one) => [word(1), word(size(one)), one])])
        expect(decodeReader(bytes, answers.length)).toEqual({ now, chainId, answers })
        expect(() => decodeReader(`${bytes}00`, answers.length)).toThrow()
        expect(() => decodeReader(bytes.slice(0, -2) as Hex, answers.length)).toThrow()
        expect(() => decodeReader(bytes, answers.length + 1)).toThrow()
      }),
    )
    expect(() => decodeReader(concat([word(1), word(2), word(0), word(0)]), 1)).toThrow(/reverted/)
  })
})

const stepSize = (size(encodeReader([{ to: `0x${'11'.repeat(20)}`, data: '0x' }])) - size(encodeReader([]))) as number
