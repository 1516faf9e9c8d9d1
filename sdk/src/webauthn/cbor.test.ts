import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRekeyError } from '../errors/base.ts'
import { type Encodable, encodeCbor } from '../testing/cborEncode.ts'
import { decodeCbor, decodeCborItem } from './cbor.ts'

const refuses = (bytes: Uint8Array): boolean => {
  try {
    decodeCbor(bytes)
    return false
  } catch (error) {
    if (isRekeyError(error, 'ENCODING_INVALID')) return true
    throw error
  }
}
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

const { value } = fc.letrec<{ value: Encodable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
    fc.string(),
    fc.boolean(),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.integer({ min: -99, max: 99 }), fc.string()), tie('value')), {
        maxLength: 5,
        selector: ([key]) => key,
      })
      .map((entries) => new Map(entries)),
  ),
}))

describe('decodeCbor', () => {
  test('reads back what was written', () => {
    fc.assert(
      fc.property(value, (item) => {
        expect(decodeCbor(encodeCbor(item))).toEqual(item)
      }),
    )
  })

  test('refuses every cut and every byte more', () => {
    fc.assert(
      fc.property(value, fc.nat(255), (item, extra) => {
        const bytes = encodeCbor(item)
        for (let length = 0; length < bytes.length; length++) {
          expect(refuses(bytes.subarray(0, length))).toBe(true)
          expect(() => decodeCborItem(bytes.subarray(0, length))).toThrow(/ends too early/)
        }
        expect(refuses(Uint8Array.of(...bytes, extra))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('answers any bytes with a value or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof refuses(bytes)).toBe('boolean')
      }),
    )
  })

  test.each([
    ['the same key twice', 'a201010102'],
    ['a key that is a map', 'a1a001'],
    ['an indefinite array', '9f01ff'],
    ['a tag', 'c001'],
    ['a float', 'f93c00'],
    ['undefined', 'f7'],
    ['a number in a longer form than needed', '1817'],
    ['a two-byte number that fits one', '190017'],
    ['a number beyond 2^53', '1bffffffffffffffff'],
    ['text that is not UTF-8', '61ff'],
    ['a length beyond the end', '5affffffff00'],
    ['a map of four billion entries', 'baffffffff'],
    ['an array of 2^52 entries', '9b0010000000000000'],
  ])('[242] refuses %s', (_, bytes) => expect(refuses(hex(bytes))).toBe(true))

  test('[242] refuses 10,000 levels, and a million items, within 50 ms', () => {
    const deep = new Uint8Array(10_001).fill(0x81)
    const wide = new Uint8Array(1_000_005)
    wide.set([0x9a, 0x00, 0x0f, 0x42, 0x40])
    const start = performance.now()
    expect(refuses(deep)).toBe(true)
    expect(refuses(wide)).toBe(true)
    expect(performance.now() - start).toBeLessThan(50)
  })

  test('[249] a key named __proto__ is a key like any other', () => {
    const map = decodeCbor(encodeCbor(new Map([['__proto__', 'x']])))
    expect(map).toEqual(new Map([['__proto__', 'x']]))
    expect(Reflect.get({}, 'x')).toBeUndefined()
  })
})
