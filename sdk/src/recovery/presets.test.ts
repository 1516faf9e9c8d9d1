import fc from 'fast-check'
import { toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodePolicy, type Guardian, sortGuardians } from '../encoding/policy.ts'
import { isReached, validatePolicy } from '../encoding/validatePolicy.ts'
import { policyWarnings, presetTiers, type RecoveryPreset, recoveryPresets } from './presets.ts'

const guardian = (index: number, kind = 1, weight = 1): Guardian => ({
  kind,
  weight,
  signer: toHex(index + 0x10000, { size: 20 }),
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
})
const day = 86_400

describe('a preset', () => {
  /** One to eight guardians of any kinds and weights. */
  const guardians = fc
    .array(fc.record({ kind: fc.integer({ min: 1, max: 5 }), weight: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((list) => sortGuardians(list.map(({ kind, weight }, index) => guardian(index, kind, weight))))

  test('is the tiers it says it is', () => {
    const oneKind = [guardian(1), guardian(2)]
    const twoKinds = [guardian(1), guardian(2, 2)]
    const waits = { weight: 1, kinds: 1, delay: day, isVetoable: true }
    const instant = { weight: 2, kinds: 2, delay: 0, isVetoable: false }
    expect(presetTiers('simple', oneKind, false)).toEqual([waits])
    expect(presetTiers('simple', oneKind, true)).toEqual([{ ...waits, delay: 0 }])
    expect(presetTiers('careful', oneKind, false)).toEqual([waits])
    expect(presetTiers('careful', twoKinds, false)).toEqual([waits, instant])
    expect(presetTiers('fast', twoKinds, false)).toEqual([instant])
    const objectable = { ...instant, delay: day, isVetoable: true }
    expect(presetTiers('guarded', twoKinds, false)).toEqual([objectable, { ...instant, delay: 3 * day }])
    expect(presetTiers('sovereign', [...twoKinds, guardian(3)], false)).toEqual([
      { ...objectable, delay: 3 * day },
      { weight: 3, kinds: 2, delay: 7 * day, isVetoable: false },
    ])
  })

  test('sovereign counts as all guardians those that never expire', () => {
    const list = [guardian(1), guardian(2, 2), { ...guardian(3), validUntil: 2_000_000_000 }]
    expect(presetTiers('sovereign', list, false)[1]?.weight).toBe(2)
  })

  test('guarded and sovereign let nobody go at once, and nobody alone at all', () => {
    fc.assert(
      fc.property(fc.constantFrom('guarded' as const, 'sovereign' as const), guardians, (preset, list) => {
        for (const tier of presetTiers(preset, list, true)) {
          expect(tier.delay).toBeGreaterThanOrEqual(day)
          for (const alone of list) expect(isReached(tier, [alone])).toBe(false)
        }
      }),
    )
  })

  test('every preset but simple has a tier that a thief with a passkey cannot veto', () => {
    const list = [guardian(1), guardian(2, 2)]
    for (const preset of recoveryPresets)
      expect([preset, presetTiers(preset, list, false).some(({ isVetoable }) => !isVetoable)]).toEqual([
        preset,
        preset !== 'simple',
      ])
  })

  test('makes a policy without broken rules of any guardians that can reach it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recoveryPresets), guardians, fc.boolean(), (preset, list, allowsInstantSingle) => {
        const tiers = presetTiers(preset, list, allowsInstantSingle)
        fc.pre(tiers.every((tier) => isReached(tier, list)))
        const salt = toHex(1, { size: 32 })
        const rest = { salt, allowsInstantSingle, windowHours: 336, freezeHours: 0 }
        expect(() => validatePolicy(encodePolicy({ ...rest, tiers, guardians: list }))).not.toThrow()
      }),
    )
  })

  test('lets one guardian alone never go at once, unless the owner allowed it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recoveryPresets), guardians, (preset, list) => {
        for (const tier of presetTiers(preset, list, false))
          for (const alone of list) if (isReached(tier, [alone])) expect(tier.delay).toBeGreaterThanOrEqual(day)
      }),
    )
  })

  test('careful is never out of reach', () => {
    fc.assert(
      fc.property(guardians, (list) => presetTiers('careful', list, false).every((tier) => isReached(tier, list))),
    )
  })
})

describe('warnings', () => {
  const warningsOf = (preset: RecoveryPreset, list: Guardian[], allowsInstantSingle = false) =>
    policyWarnings(presetTiers(preset, list, allowsInstantSingle), list)

  test('name what an owner should know', () => {
    expect(warningsOf('simple', [guardian(1)], true)).toEqual(['instantSingle', 'singleGuardian', 'thiefCanVeto'])
    expect(warningsOf('simple', [guardian(1)])).toEqual(['singleGuardian', 'thiefCanVeto'])
    expect(warningsOf('simple', [guardian(1), guardian(2)])).toEqual(['singleKind', 'thiefCanVeto'])
    expect(warningsOf('simple', [guardian(1), guardian(2, 2)])).toEqual(['thiefCanVeto'])
    expect(warningsOf('careful', [guardian(1), guardian(2, 2)])).toEqual([])
    expect(warningsOf('fast', [guardian(1), guardian(2, 2)])).toEqual([])
  })

  test('a heavy guardian that reaches an instant tier of one kind alone is named, a light one is not', () => {
    const tiers = [{ weight: 2, kinds: 1, delay: 0, isVetoable: false }]
    expect(policyWarnings(tiers, [guardian(1, 1, 2), guardian(2, 2)])).toEqual(['instantSingle'])
    expect(policyWarnings(tiers, [guardian(1, 1), guardian(2, 2)])).toEqual([])
    expect(
      policyWarnings([{ weight: 2, kinds: 2, delay: 0, isVetoable: false }], [guardian(1, 1, 2), guardian(2, 2)]),
    ).toEqual([])
    expect(policyWarnings([{ weight: 2, kinds: 1, delay: 1, isVetoable: false }], [guardian(1, 1, 2)])).toEqual([
      'singleGuardian',
    ])
  })
})
