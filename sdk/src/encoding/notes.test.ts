import fc from 'fast-check'
import { type Address, concat, type Hex, keccak256, slice, stringToHex, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { codeSet } from './codes.ts'
import { encodeCodeNotes, encodePassphraseNote, findCodeAddresses, findPassphraseNote, placeNotes } from './notes.ts'
import { decodePolicy, encodePolicy, type Guardian, guardianKey, noteAddress, sortGuardians } from './policy.ts'
import { validatePolicy } from './validatePolicy.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((value) => toHex(value))
const guardian = (signer: Hex): Guardian => ({
  kind: 1,
  weight: 1,
  signer,
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
})
const address = (number: number): Address => slice(keccak256(toHex(number)), 12)
const policyOf = (guardians: readonly Guardian[], notes: readonly Hex[], weight = 1) => ({
  salt: keccak256('0x'),
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: [1, weight].map((one) => ({ weight: one, kinds: 1, delay: 86_400, isVetoable: true })),
  guardians: sortGuardians(guardians),
  notes,
})

test('are addressed to nobody', () => {
  expect(noteAddress).toBe(slice(keccak256(stringToHex('rekey policy note')), 12))
})

describe('in a policy', () => {
  test('stand behind all guardians, whose places stay, and come back as they went', () => {
    const signers = fc.uniqueArray(bytes(20), { minLength: 1, maxLength: 28 })
    fc.assert(
      fc.property(signers, fc.uniqueArray(bytes(38), { maxLength: 3 }), (all, payloads) => {
        const guardians = sortGuardians(all.map(guardian))
        const notes = placeNotes(payloads, guardians)
        const keys = [...guardians.map(guardianKey), ...notes.map((note) => keccak256(note))]
        expect(keys).toEqual(keys.toSorted())
        const packed = encodePolicy(policyOf(guardians, notes))
        const decoded = decodePolicy(packed)
        expect(decoded.guardians).toEqual(guardians)
        expect(decoded.notes ?? []).toEqual(notes)
        expect(encodePolicy(decoded)).toBe(packed)
      }),
    )
  })

  test('find a place each, however many there are', () => {
    for (let seed = 0; seed < 60; seed++) {
      const guardians = sortGuardians(Array.from({ length: 20 }, (_, index) => guardian(address(1_000 * seed + index))))
      const payloads = Array.from({ length: 12 }, (_, index) => keccak256(toHex(1_000 * seed + index)))
      expect(placeNotes(payloads, guardians)).toHaveLength(12)
    }
  })

  test('help no tier to its weight', () => {
    const guardians = [guardian(address(1))]
    const notes = placeNotes(encodeCodeNotes([address(2)]), guardians)
    expect(validatePolicy(encodePolicy(policyOf(guardians, notes))).notes).toEqual(notes)
    expect(() => validatePolicy(encodePolicy(policyOf(guardians, notes, 2)))).toThrow(
      expect.objectContaining({ rule: 'tierUnreachable' }),
    )
  })

  test('are entries of exactly one form: a guardian at that address with a vote is a guardian', () => {
    const [note] = placeNotes(['0x01'], []) as [Hex]
    const fake = { ...guardian(note), kind: 31 }
    expect(decodePolicy(encodePolicy(policyOf([fake], [])))).toMatchObject({ guardians: [fake] })
    expect(decodePolicy(encodePolicy(policyOf([fake], []))).notes).toBeUndefined()
  })
})

describe('of a passphrase', () => {
  test('are found by its address only', () => {
    const wanted = { address: address(1), cost: 2, salt: slice(keccak256('0x02'), 16) }
    const other = { address: address(2), cost: 1, salt: slice(keccak256('0x03'), 16) }
    const notes = placeNotes([wanted, other].map(encodePassphraseNote), [guardian(address(1))])
    expect(findPassphraseNote({ notes }, address(1))).toEqual(wanted)
    expect(findPassphraseNote({ notes }, address(2))).toEqual(other)
    expect(findPassphraseNote({ notes }, address(3))).toBeUndefined()
    expect(findPassphraseNote({}, address(1))).toBeUndefined()
  })
})

describe('of recovery codes', () => {
  test.each([1, 10, 11, 12, 16])('lead %i codes to their root, among others', (count) => {
    const addresses = Array.from({ length: count }, (_, index) => address(index))
    const others = Array.from({ length: 10 }, (_, index) => address(100 + index))
    const payloads = [...encodeCodeNotes(others), ...encodeCodeNotes(addresses).toReversed()]
    const notes = placeNotes(payloads, [guardian(address(200))])
    expect(findCodeAddresses({ notes }, codeSet(addresses).key)).toEqual(addresses)
    expect(findCodeAddresses({ notes }, codeSet(others).key)).toEqual(others)
  })

  test('are not believed when they do not lead there', () => {
    const addresses = [address(1), address(2)]
    const { key } = codeSet(addresses)
    const [payload] = encodeCodeNotes(addresses) as [Hex]
    const damaged: Hex[] = [
      slice(payload, 0, 26),
      concat([payload, address(3)]),
      concat([slice(payload, 0, 26), address(1)]),
      concat([slice(payload, 0, 26), address(3)]),
      slice(payload, 0, 6),
      '0x02',
    ]
    for (const one of damaged)
      expect(findCodeAddresses({ notes: placeNotes([one], [guardian(address(9))]) }, key)).toBeUndefined()
    expect(findCodeAddresses({}, key)).toBeUndefined()
  })
})
