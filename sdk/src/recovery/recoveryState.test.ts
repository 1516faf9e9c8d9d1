import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pickIssuedAt } from './recoveryState.ts'

/** What the contracts let a message be ahead of their clock, in seconds. */
const skew = 900
const time = fc.integer({ min: 1_000_000, max: 2 ** 40 - 1 - skew })
const readings = fc.array(fc.record({ now: time, floor: fc.oneof(fc.constant(0), time) }), {
  minLength: 1,
  maxLength: 8,
})

describe('the time a message is issued at', () => {
  test('is that of the earliest clock where nothing took effect there later', () => {
    expect(pickIssuedAt([{ now: 1_000, floor: 0 }])).toBe(1_000)
    expect(
      pickIssuedAt([
        { now: 1_050, floor: 10 },
        { now: 1_000, floor: 999 },
      ]),
    ).toBe(1_000)
  })

  test('is right after what took effect, on whichever chain that was', () => {
    expect(pickIssuedAt([{ now: 1_000, floor: 1_000 }])).toBe(1_001)
    expect(
      pickIssuedAt([
        { now: 1_000, floor: 0 },
        { now: 1_500, floor: 1_400 },
      ]),
    ).toBe(1_401)
  })

  test('is refused when the earliest chain would refuse it: from fifteen minutes ahead of its clock', () => {
    const at = (floor: number) => pickIssuedAt([{ now: 1_000, floor }])
    expect(at(1_000 + skew - 1)).toBe(1_000 + skew)
    expect(() => at(1_000 + skew)).toThrow(expect.objectContaining({ code: 'CHAIN_CLOCK' }))
  })

  test('is later than every floor, never before the earliest clock, and never further ahead than chains accept', () => {
    fc.assert(
      fc.property(readings, (list) => {
        let issuedAt: number
        try {
          issuedAt = pickIssuedAt(list)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CHAIN_CLOCK' })
          expect(list.some(({ floor }) => list.some(({ now }) => floor + 1 > now + skew))).toBe(true)
          return
        }
        for (const { now, floor } of list) {
          expect(issuedAt).toBeGreaterThan(floor)
          expect(issuedAt).toBeLessThanOrEqual(now + skew)
        }
        expect(issuedAt).toBeGreaterThanOrEqual(Math.min(...list.map(({ now }) => now)))
      }),
    )
  })

  test('does not depend on the order of the chains', () => {
    const near = fc.array(
      fc.record({ now: fc.integer({ min: 5_000, max: 5_400 }), floor: fc.integer({ min: 0, max: 5_400 }) }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(fc.property(near, (list) => pickIssuedAt(list) === pickIssuedAt(list.toReversed())))
  })
})
