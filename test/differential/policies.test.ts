import { encodePolicy, type Guardian, type Policy, policyHash, sortGuardians, validatePolicy } from '@rekey/sdk'
import { InvalidPolicyError } from '@rekey/sdk/errors'
import fc from 'fast-check'
import { type Address, bytesToHex, concat, type Hex, hexToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENTRY_POINT } from '../../scripts/deploy/constants.ts'
import { hex, word } from './support/arbitraries.ts'
import { decodeRevert } from './support/revert.ts'
import { startChains } from './support/world.ts'

let chains: Awaited<ReturnType<typeof startChains>>
beforeAll(async () => {
  chains = await startChains()
})
afterAll(() => chains?.stop())

const account: Address = '0x00000000000000000000000000000000000acc01'
const day = 86_400

/** The hash of an accepted policy, or the number of the rule that a refused one breaks. */
type Verdict = Hex | number

async function contractVerdict(policy: Hex): Promise<Verdict> {
  const { client, guardianRecovery } = chains.osaka
  try {
    const { result } = await client.simulateContract({
      ...guardianRecovery,
      functionName: 'checkPolicy',
      args: [account, policy],
    })
    return result
  } catch (error) {
    const { name, args } = decodeRevert(error)
    expect(name).toBe('BadPolicy')
    return Number(args[0])
  }
}

function sdkVerdict(policy: Hex): Verdict {
  const { guardianRecovery, passkeyValidator, signerValidator, recoveryCodeVerifier } = chains.osaka
  const core = [passkeyValidator, signerValidator, guardianRecovery].map(({ address }) => address)
  const context = { forbiddenSigners: [account, ENTRY_POINT, ...core], codeVerifier: recoveryCodeVerifier.address }
  try {
    validatePolicy(policy, context)
    return policyHash(policy)
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error.ruleNumber
    throw error
  }
}

const seen = new Map<Verdict, number>()

async function compare(policies: readonly Hex[]): Promise<void> {
  const theirs = await Promise.all(policies.map(contractVerdict))
  expect(policies.map(sdkVerdict)).toEqual(theirs)
  for (const verdict of theirs.map((one) => (typeof one === 'number' ? one : 0)))
    seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
}

/** Mostly the good value, now and then one over the edge. */
function mostly<value>(good: fc.Arbitrary<value>, bad: fc.Arbitrary<value>): fc.Arbitrary<value> {
  return fc.oneof({ arbitrary: good, weight: 30 }, { arbitrary: bad, weight: 1 })
}

const address = hex(20)
const forbidden: fc.Arbitrary<Hex> = fc
  .constantFrom(
    'account',
    'EntryPoint',
    'zero',
    'precompile',
    'PasskeyValidator',
    'SignerValidator',
    'GuardianRecovery',
    'codes',
  )
  .map((name): Hex => {
    if (name === 'account') return account
    if (name === 'EntryPoint') return ENTRY_POINT
    if (name === 'zero') return `0x${'00'.repeat(20)}`
    if (name === 'precompile') return `0x${'00'.repeat(18)}ffff`
    const { passkeyValidator, signerValidator, guardianRecovery, recoveryCodeVerifier } = chains.osaka
    if (name === 'PasskeyValidator') return passkeyValidator.address
    if (name === 'SignerValidator') return signerValidator.address
    return name === 'codes' ? recoveryCodeVerifier.address : guardianRecovery.address
  })
const first = mostly(address, forbidden)
const signer = mostly(
  fc.oneof(first, fc.tuple(first, mostly(fc.nat(60), fc.constantFrom(236, 237)).chain(hex)).map(concat)),
  fc.constantFrom(0, 1, 19).chain(hex),
)

const anyGuardian: fc.Arbitrary<Guardian> = fc.record({
  kind: mostly(fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, 31, 32, 255)),
  weight: mostly(fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 255)),
  signer,
  isHidden: mostly(fc.constant(false), fc.constant(true)),
  needsEvidence: mostly(fc.constant(false), fc.constant(true)),
  validUntil: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.constantFrom(1, 2 ** 40 - 1)),
})

/** A hidden one has a commitment where the others have a signer. */
const guardian = fc
  .tuple(anyGuardian, fc.nat(3), hex(32))
  .map(([draft, hides, commitment]) => (hides === 0 ? { ...draft, isHidden: true, signer: commitment } : draft))

const tier = fc.record({
  weight: mostly(fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, 65_535)),
  kinds: mostly(fc.integer({ min: 1, max: 2 }), fc.constantFrom(0, 32)),
  delay: mostly(
    fc.oneof({ arbitrary: fc.integer({ min: 3_600, max: 90 * day }), weight: 4 }, fc.constantFrom(0, 3_599)),
    fc.constantFrom(90 * day + 1, 2 ** 32 - 1),
  ),
  isVetoable: mostly(fc.constant(true), fc.constant(false)),
})

const policy: fc.Arbitrary<Policy> = fc.record({
  salt: word,
  allowsInstantSingle: fc.boolean(),
  windowHours: mostly(fc.integer({ min: 48, max: 1_440 }), fc.constantFrom(0, 47, 1_441, 65_535)),
  freezeHours: mostly(fc.nat(72), fc.constantFrom(73, 255)),
  tiers: mostly(
    fc.array(tier, { minLength: 1, maxLength: 4 }),
    fc
      .constantFrom([], Array(5).fill(undefined))
      .chain((list) => fc.array(tier, { minLength: list.length, maxLength: list.length })),
  ),
  guardians: mostly(
    fc.array(guardian, { minLength: 2, maxLength: 6 }),
    fc.array(guardian, { minLength: 31, maxLength: 34 }),
  ),
})

/** Sorted as a rule; otherwise as they came. */
const encoded = fc
  .tuple(policy, mostly(fc.constant(true), fc.constant(false)))
  .map(([draft, isSorted]) => encodePolicy(isSorted ? { ...draft, guardians: sortGuardians(draft.guardians) } : draft))

const batch = 12

test('[61] any policy: the SDK accepts what the contract accepts, and names the rule that it names', () =>
  fc.assert(fc.asyncProperty(fc.array(encoded, { minLength: batch, maxLength: batch }), compare)))

test('[61] any byte changed, cut off or added: still one verdict', () =>
  fc.assert(
    fc.asyncProperty(
      encoded,
      fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'add')), {
        minLength: batch,
        maxLength: batch,
      }),
      async (bytes, changes) => {
        await compare(changes.map(([place, value, kind]) => mutate(hexToBytes(bytes), place, value, kind)))
      },
    ),
  ))

test('[61] any bytes at all', () =>
  fc.assert(fc.asyncProperty(fc.array(fc.nat(400).chain(hex), { minLength: batch, maxLength: batch }), compare)))

test('the policies above were good ones, and broke nearly every rule', () => {
  expect(seen.get(0)).toBeGreaterThan(100)
  // Rule 2, more than 4,096 bytes, is in the golden vectors.
  const missed = Array.from({ length: 19 }, (_, index) => index + 1).filter((rule) => rule !== 2 && !seen.has(rule))
  expect(missed).toEqual([])
})

function mutate(bytes: Uint8Array, place: number, value: number, kind: string): Hex {
  const at = place % bytes.length
  if (kind === 'cut') return bytesToHex(bytes.slice(0, at))
  if (kind === 'add') return bytesToHex(Uint8Array.of(...bytes.slice(0, at), value, ...bytes.slice(at)))
  // Half of the changes fall into the head and the tiers, where most rules are.
  const where = value % 2 === 0 ? 33 + (place % 16) : at
  return bytesToHex(bytes.with(where, value))
}
