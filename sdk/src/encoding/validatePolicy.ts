import { type Address, type Hex, hexToBigInt, size } from 'viem'
import { InvalidPolicyError, type PolicyRule } from '../errors/policy.ts'
import { decodePolicy, type Guardian, guardianKey, type Policy, type Tier } from './policy.ts'

const day = 86_400

/** The bounds of a policy; durations in seconds unless the name says otherwise. */
export const policyLimits = {
  bytes: 4_096,
  tiers: 4,
  guardians: 32,
  signerBytes: 256,
  maxDelay: 90 * day,
  minSingleDelay: 3_600,
  minWindowHours: 48,
  maxWindowHours: 1_440,
  maxFreezeHours: 72,
  minChangeDelayDays: 2,
} as const

/** Where a policy is to be used. */
export type PolicyContext = {
  /** Addresses that cannot be guardians: the account, the EntryPoint, the core contracts. */
  readonly forbiddenSigners?: readonly Address[] | undefined
}

type Check = (policy: Policy, bytes: Hex, context: PolicyContext) => string | undefined

/** One check per rule, in the order of the contract; each says what is wrong or nothing. */
const checks: readonly (readonly [PolicyRule, Check])[] = [
  [
    'malformed',
    (_, bytes) => (size(bytes) > policyLimits.bytes ? `it has ${size(bytes)} bytes, more than 4,096` : undefined),
  ],
  ['tierCount', ({ tiers }) => outside('tiers', tiers.length, 1, policyLimits.tiers)],
  ['guardianCount', ({ guardians }) => outside('guardians', guardians.length, 1, policyLimits.guardians)],
  ['freezeHours', ({ freezeHours }) => outside('hours of freeze', freezeHours, 0, policyLimits.maxFreezeHours)],
  ['guardianOrder', ({ guardians }) => findUnordered(guardians)],
  ['signer', ({ guardians }, _, context) => firstOf(guardians, (guardian) => findBadSigner(guardian, context))],
  [
    'unreachableTier',
    ({ tiers, guardians }) =>
      firstOf(tiers, (tier) => (isReached(tier, guardians) ? undefined : 'all guardians together do not reach it')),
  ],
  [
    'noLastingTier',
    ({ tiers, guardians }) => {
      const lasting = guardians.filter(({ validUntil }) => validUntil === 0)
      return tiers.some((tier) => isReached(tier, lasting)) ? undefined : 'guardians that never expire reach no tier'
    },
  ],
  ['zeroValue', findZero],
  [
    'instantSingle',
    ({ tiers, guardians, allowsInstantSingle }) =>
      firstOf(tiers, (tier) =>
        !allowsInstantSingle && isSingle(tier, guardians) && tier.delay < policyLimits.minSingleDelay
          ? `one guardian alone reaches it after ${tier.delay} seconds`
          : undefined,
      ),
  ],
  [
    'unvetoableSingle',
    ({ tiers, guardians }) =>
      firstOf(tiers, (tier) =>
        !tier.isVetoable && isSingle(tier, guardians) ? 'one guardian alone reaches it and nobody can veto' : undefined,
      ),
  ],
  [
    'delay',
    ({ tiers }) =>
      firstOf(tiers, ({ delay }) => (delay > policyLimits.maxDelay ? `it waits ${delay} seconds` : undefined)),
  ],
  [
    'window',
    ({ windowHours }) =>
      outside('hours of window', windowHours, policyLimits.minWindowHours, policyLimits.maxWindowHours),
  ],
]

/**
 * Checks policy bytes by the rules of the contract, in the contract's order, and returns the policy.
 *
 * @throws {InvalidPolicyError} naming the first rule that is broken.
 * @example
 * const policy = validatePolicy(encodePolicy(draft), { forbiddenSigners: [account.address] })
 * @see SPEC §7, Validation
 */
export function validatePolicy(bytes: Hex, context: PolicyContext = {}): Policy {
  const policy = decodePolicy(bytes)
  for (const [rule, check] of checks) {
    const problem = check(policy, bytes, context)
    if (problem !== undefined) throw new InvalidPolicyError(rule, problem)
  }
  return policy
}

/** Tells whether guardians together reach a tier, by sum of weights and number of kinds. */
export function isReached(tier: Tier, guardians: readonly Guardian[]): boolean {
  const weight = guardians.reduce((sum, guardian) => sum + guardian.weight, 0)
  return weight >= tier.weight && new Set(guardians.map(({ kind }) => kind)).size >= tier.kinds
}

/** Returns how many days a change of policy, an uninstall or an upgrade waits under this policy. */
export function changeDelayDays({ tiers }: Pick<Policy, 'tiers'>): number {
  const longest = Math.max(0, ...tiers.map(({ delay }) => delay))
  return Math.max(policyLimits.minChangeDelayDays, Math.ceil(longest / day) + 1)
}

function isSingle(tier: Tier, guardians: readonly Guardian[]): boolean {
  return guardians.some((guardian) => isReached(tier, [guardian]))
}

function outside(what: string, value: number, least: number, most: number): string | undefined {
  return value < least || value > most ? `it has ${value} ${what}, not ${least} to ${most}` : undefined
}

function firstOf<item>(items: readonly item[], check: (item: item) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = check(item)
    if (problem !== undefined) return `number ${index + 1}: ${problem}`
  }
  return undefined
}

function findUnordered(guardians: readonly Guardian[]): string | undefined {
  const keys = guardians.map(guardianKey)
  const index = keys.findIndex((key, place) => place > 0 && key <= (keys[place - 1] ?? key))
  if (index === -1) return undefined
  return keys[index] === keys[index - 1]
    ? `guardian ${index + 1} is named twice`
    : `guardian ${index + 1} is out of order`
}

function findBadSigner({ signer, isHidden }: Guardian, { forbiddenSigners = [] }: PolicyContext): string | undefined {
  const length = size(signer)
  if (isHidden) return length === 32 ? undefined : `a hidden guardian has ${length} bytes, not 32`
  if (length < 20 || length > policyLimits.signerBytes) return `its signer has ${length} bytes, not 20 to 256`
  if (length > 20) return undefined
  if (hexToBigInt(signer) <= 0xffffn) return 'its address is zero or a precompile'
  const isForbidden = forbiddenSigners.some((address) => address.toLowerCase() === signer.toLowerCase())
  return isForbidden ? 'its address is the account, the EntryPoint or a core contract' : undefined
}

function findZero({ tiers, guardians }: Policy): string | undefined {
  if (guardians.some(({ weight }) => weight === 0)) return 'a guardian has no weight'
  return tiers.some(({ weight, kinds }) => weight === 0 || kinds === 0)
    ? 'a tier needs no weight or no kind'
    : undefined
}
