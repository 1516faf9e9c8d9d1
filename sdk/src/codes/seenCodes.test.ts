import { expect, test } from 'vitest'
import type { Guardian } from '../encoding/policy.ts'
import { assessSeenCodes } from './seenCodes.ts'

const day = 86_400
const guardian = (kind: number, weight = 1): Guardian => ({
  kind,
  weight,
  signer: `0x${kind.toString(16).padStart(40, '0')}`,
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
})
const alone = { weight: 1, kinds: 1, delay: day, isVetoable: true }
const two = { weight: 2, kinds: 2, delay: 0, isVetoable: false }
const [codes, wallet] = [guardian(5), guardian(1)]

test('seen codes: what they do alone and with another guardian, and how long', () => {
  expect(assessSeenCodes({ tiers: [alone, two], guardians: [wallet, codes] }, 1)).toEqual({
    alone: { delay: day, isVetoable: true },
    together: { delay: 0, isVetoable: false },
    replacedAfter: 2 * day,
    steps: ['replace', 'watchAndVeto', 'tellGuardians'],
  })
  expect(assessSeenCodes({ tiers: [two], guardians: [wallet, codes] }, 1)).toMatchObject({
    alone: undefined,
    steps: ['replace', 'tellGuardians'],
  })
  const slow = { ...alone, delay: 7 * day }
  expect(assessSeenCodes({ tiers: [slow], guardians: [codes] }, 0)).toMatchObject({
    alone: { delay: 7 * day },
    together: undefined,
    replacedAfter: 8 * day,
  })
  expect(() => assessSeenCodes({ tiers: [slow], guardians: [codes] }, 1)).toThrow('no guardian 1')
})
