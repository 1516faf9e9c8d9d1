import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { concat, getAddress, type Hex, keccak256, size, slice, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { InvalidPolicyError, type PolicyRule, policyRules } from '../errors/policy.ts'
import {
  decodePolicy,
  encodePolicy,
  type Guardian,
  guardianKey,
  hideSigner,
  type Policy,
  policyHash,
  policyId,
  sortGuardians,
} from './policy.ts'
import { changeDelayDays, policyLimits, validatePolicy } from './validatePolicy.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => toHex(value))
const salt = keccak256('0x01')
const address = (index: number): Hex => toHex(index + 0x10000, { size: 20 })
const guardian = (index: number, changes: Partial<Guardian> = {}): Guardian => ({
  kind: 1,
  weight: 1,
  signer: address(index),
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
  ...changes,
})
const two = sortGuardians([guardian(1), guardian(2, { kind: 3 })])
const good: Policy = {
  salt,
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 24,
  tiers: [
    { weight: 1, kinds: 1, delay: 86_400, isVetoable: true },
    { weight: 2, kinds: 2, delay: 0, isVetoable: false },
  ],
  guardians: two,
}

const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  salt: hex(32),
  allowsInstantSingle: fc.boolean(),
  windowHours: fc.nat(65_535),
  freezeHours: fc.nat(255),
  tiers: fc.array(
    fc.record({ weight: fc.nat(65_535), kinds: fc.nat(255), delay: fc.nat(2 ** 32 - 1), isVetoable: fc.boolean() }),
    { maxLength: 6 },
  ),
  guardians: fc.array(
    fc.record({
      kind: fc.integer({ min: 1, max: 31 }),
      weight: fc.nat(255),
      signer: fc.oneof(hex(20), hex(52), hex(32)),
      isHidden: fc.boolean(),
      needsEvidence: fc.boolean(),
      validUntil: fc.nat({ max: 2 ** 40 - 1 }),
    }),
    { maxLength: 6 },
  ),
})

/** The rule that a policy is refused for, or nothing. */
function brokenRule(policy: Policy | Hex, forbiddenSigners: readonly Hex[] = []): PolicyRule | undefined {
  try {
    validatePolicy(typeof policy === 'string' ? policy : encodePolicy(policy), { forbiddenSigners })
    return undefined
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error.rule
    throw error
  }
}

/** The bytes of the good policy with one byte changed. */
function withByte(offset: number, value: number): Hex {
  const bytes = encodePolicy(good)
  return concat([slice(bytes, 0, offset), toHex(value, { size: 1 }), slice(bytes, offset + 1)])
}

describe('policy bytes', () => {
  test('read back what was written', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(decodePolicy(encodePolicy(policy))).toEqual(policy)
      }),
    )
  })

  test('[34] every cut and every byte more is refused', () => {
    const bytes = encodePolicy(good)
    for (let length = 0; length < size(bytes); length++) {
      const cut: Hex = length === 0 ? '0x' : slice(bytes, 0, length)
      expect(() => decodePolicy(cut)).toThrow(InvalidPolicyError)
      expect(brokenRule(cut)).toBeDefined()
    }
    for (const extra of ['0x00', '0x01', '0xff'] as const) {
      expect(() => decodePolicy(concat([bytes, extra]))).toThrow(InvalidPolicyError)
      expect(brokenRule(concat([bytes, extra]))).toBe('malformed')
    }
  })

  test('values that do not fit their field are refused, never cut', () => {
    const bad: Partial<Policy>[] = [
      { windowHours: 65_536 },
      { windowHours: -1 },
      { freezeHours: 256 },
      { windowHours: 1.5 },
      { salt: '0x12' },
      { freezeHours: Number.NaN },
    ]
    for (const changes of bad) expect(() => encodePolicy({ ...good, ...changes })).toThrow(/not well-formed/)
    for (const changes of [
      { weight: 256 },
      { validUntil: 2 ** 40 },
      { validUntil: Number.NaN },
      { signer: '0x1' as Hex },
    ])
      expect(() => encodePolicy({ ...good, guardians: [guardian(1, changes)] })).toThrow(/not well-formed/)
  })

  test('the id is the low 160 bits of the hash', () => {
    const bytes = encodePolicy(good)
    expect(policyHash(bytes)).toBe(keccak256(bytes))
    expect(policyHash(bytes).endsWith(policyId(bytes).slice(2))).toBe(true)
    expect(size(policyId(bytes))).toBe(20)
  })

  test('a hidden guardian is known by its commitment', () => {
    const commitment = hideSigner(salt, address(1))
    expect(commitment).toBe(keccak256(concat([salt, address(1)])))
    expect(guardianKey({ isHidden: true, signer: commitment })).toBe(commitment)
    expect(guardianKey(guardian(1))).toBe(keccak256(address(1)))
  })
})

describe('validatePolicy', () => {
  test('names and numbers its rules as the contract does', () => {
    const source = readFileSync(new URL('../../../contracts/libraries/PolicyRules.sol', import.meta.url), 'utf8')
    const rules = [...source.matchAll(/uint8 internal constant (\w+) = (\d+);/g)].map(([, name = '', number]) => [
      name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      Number(number),
    ])
    expect(rules).toEqual(policyRules.map((rule, index) => [rule, index + 1]))
  })

  test('accepts a policy, and the same with instant recovery by one guardian on purpose', () => {
    expect(validatePolicy(encodePolicy(good))).toEqual(good)
    expect(
      brokenRule({ ...good, allowsInstantSingle: true, tiers: [{ weight: 1, kinds: 1, delay: 0, isVetoable: true }] }),
    ).toBeUndefined()
  })

  const tier = good.tiers[0] as Policy['tiers'][number]
  const cases: [string, Policy | Hex, PolicyRule][] = [
    ['another version', withByte(0, 2), 'malformed'],
    ['more than 4,096 bytes', `0x01${'00'.repeat(4_096)}`, 'tooLong'],
    ['an unknown option', withByte(33, 2), 'unknownOption'],
    ['a window of 47 hours', { ...good, windowHours: 47 }, 'windowOutOfRange'],
    ['a window of 1,441 hours', { ...good, windowHours: 1_441 }, 'windowOutOfRange'],
    ['a freeze of 73 hours', { ...good, freezeHours: 73 }, 'freezeOutOfRange'],
    ['[61] no tier', { ...good, tiers: [] }, 'tierCount'],
    ['five tiers', { ...good, tiers: Array(5).fill(tier) }, 'tierCount'],
    ['[61] no guardian', { ...good, guardians: [] }, 'guardianCount'],
    [
      '[89] thirty-three guardians',
      { ...good, guardians: sortGuardians(Array.from({ length: 33 }, (_, index) => guardian(index))) },
      'guardianCount',
    ],
    ['[61] a tier of no weight', { ...good, tiers: [{ ...tier, weight: 0 }] }, 'tierWithoutThreshold'],
    ['[61] a tier of no kind', { ...good, tiers: [{ ...tier, kinds: 0 }] }, 'tierWithoutThreshold'],
    ['a delay of 90 days and a second', { ...good, tiers: [{ ...tier, delay: 90 * 86_400 + 1 }] }, 'delayTooLong'],
    ['kind 0', { ...good, guardians: [guardian(1, { kind: 0 })] }, 'guardianKind'],
    ['kind 32', { ...good, guardians: [guardian(1, { kind: 32 })] }, 'guardianKind'],
    ['a guardian of no weight', { ...good, guardians: [guardian(1, { weight: 0 })] }, 'guardianWithoutWeight'],
    ['an unknown flag of a tier', withByte(45, 2), 'unknownFlag'],
    ['a signer of 19 bytes', { ...good, guardians: [guardian(1, { signer: `0x${'11'.repeat(19)}` })] }, 'signerLength'],
    [
      'a signer of 257 bytes',
      { ...good, guardians: [guardian(1, { signer: `0x${'11'.repeat(257)}` })] },
      'signerLength',
    ],
    [
      '[61] the zero address',
      { ...good, guardians: [guardian(1, { signer: toHex(0, { size: 20 }) })] },
      'signerForbidden',
    ],
    [
      '[61] a precompile',
      { ...good, guardians: [guardian(1, { signer: toHex(0xffff, { size: 20 }) })] },
      'signerForbidden',
    ],
    [
      'a verifier that is a precompile',
      { ...good, guardians: [guardian(1, { signer: `${toHex(0x100, { size: 20 })}01` as Hex })] },
      'signerForbidden',
    ],
    [
      '[37] [61] the same guardian twice',
      { ...good, guardians: [guardian(1), guardian(1, { kind: 2 })] },
      'guardiansNotAscending',
    ],
    ['guardians out of order', { ...good, guardians: two.toReversed() }, 'guardiansNotAscending'],
    ['[61] a tier of more weight than there is', { ...good, tiers: [{ ...tier, weight: 3 }] }, 'tierUnreachable'],
    ['[61] a tier of more kinds than there are', { ...good, tiers: [{ ...tier, kinds: 3 }] }, 'tierUnreachable'],
    [
      'only guardians that expire',
      { ...good, guardians: two.map((item) => ({ ...item, validUntil: 2_000_000_000 })) },
      'onlyExpiringGuardians',
    ],
    ['one guardian within the hour', { ...good, tiers: [{ ...tier, delay: 3_599 }] }, 'instantSingle'],
    ['one guardian whom nobody can veto', { ...good, tiers: [{ ...tier, isVetoable: false }] }, 'protectedSingle'],
  ]
  test.each(cases)('refuses %s', (_, policy, rule) => expect(brokenRule(policy)).toBe(rule))

  test('every rule has a case', () => {
    expect(new Set(cases.map(([, , rule]) => rule))).toEqual(new Set(policyRules))
  })

  test('[61] [98] refuses the account and the contracts of the system', () => {
    const account = getAddress(address(2))
    expect(brokenRule(good, [account])).toBe('signerForbidden')
    expect(brokenRule(good, [address(3)])).toBeUndefined()
  })

  test('a hidden guardian has a commitment of 32 bytes; evidence comes from a verifier, not from a wallet', () => {
    const ruleOf = (changes: Partial<Guardian>) =>
      brokenRule({ ...good, tiers: [tier], guardians: [guardian(1, changes)] })
    expect(ruleOf({ isHidden: true, signer: salt })).toBeUndefined()
    expect(ruleOf({ isHidden: true, signer: salt, needsEvidence: true })).toBeUndefined()
    expect(ruleOf({ isHidden: true })).toBe('signerLength')
    expect(ruleOf({ needsEvidence: true })).toBe('unknownFlag')
    expect(ruleOf({ needsEvidence: true, signer: concat([address(3), salt]) })).toBeUndefined()
  })

  test('the verifier of codes is a guardian only with a set of codes', () => {
    const codeVerifier = address(9)
    const ruleOf = (signer: Hex) => {
      try {
        validatePolicy(encodePolicy({ ...good, tiers: [tier], guardians: [guardian(1, { signer })] }), { codeVerifier })
        return undefined
      } catch (error) {
        return (error as InvalidPolicyError).rule
      }
    }
    expect(ruleOf(codeVerifier)).toBe('signerForbidden')
    expect(ruleOf(concat([codeVerifier, salt, '0x0a']))).toBeUndefined()
  })

  test('any policy is accepted or refused by a rule', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const rule = brokenRule(policy)
        expect(rule === undefined || policyRules.includes(rule)).toBe(true)
      }),
    )
  })
})

test('a change waits a day longer than the longest delay, and two days at least', () => {
  const delay = (seconds: number) =>
    changeDelayDays({ tiers: [{ weight: 1, kinds: 1, delay: seconds, isVetoable: true }] })
  expect([0, 1, 86_400, 86_401, policyLimits.maxDelay].map(delay)).toEqual([2, 2, 2, 3, 91])
})
