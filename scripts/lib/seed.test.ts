import { expect, test } from 'vitest'
import { chooseSeed, drawSeed, parseSeed } from './seed.ts'

test('a pinned seed wins, in both sizes', () => {
  expect(chooseSeed('42', true)).toBe(42)
  expect(chooseSeed('42', false)).toBe(42)
})

test('a run at CI size always has the same seed', () => {
  expect(chooseSeed(undefined, false)).toBe(chooseSeed('', false))
})

test('a deep run draws one that can be pinned again', () => {
  expect(drawSeed(() => 0)).toBe(0)
  expect(parseSeed(String(drawSeed(() => 1 - Number.EPSILON)))).toBe(0x7fff_fffe)
})

test.each(['-1', '1.5', '0x10', 'abc', '2147483648', '99999999999'])('%s is not a seed', (text) => {
  expect(() => parseSeed(text)).toThrow(RangeError)
})
