import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { slotOf } from '../exchange/observations.ts'
import { isTurnOf } from './submit.ts'

const attesters = ['0x0000000000000000000000000000000000000001', '0x0000000000000000000000000000000000000002'] as const
const turnsAt = (time: number): readonly Address[] => attesters.filter((one) => isTurnOf(one, attesters, time, 60))

test('at no second is it the turn of two, and each has one', () => {
  const turns = Array.from({ length: 120 }, (_, second) => turnsAt(second))
  expect(turns.every((list) => list.length <= 1)).toBe(true)
  for (const attester of attesters) expect(turns.filter(([one]) => one === attester)).toHaveLength(30)
})

test('before the next turn there is time for a block', () => {
  for (let second = 30; second < 60; second += 1) expect(turnsAt(second)).toEqual([])
})

test('attesters that look in the same interval sign for the same time, which is not in the future', () => {
  expect([1_200, 1_201, 1_259].map((now) => slotOf(now, 60))).toEqual([1_200, 1_200, 1_200])
  expect(slotOf(1_260, 60)).toBe(1_260)
})
