import { type Address, bytesToHex, type Hex } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { InvalidPolicyError, type PolicyRule } from '../errors/policy.ts'
import { type Cursor, createCursor } from './cursor.ts'
import { decodePolicy, type Guardian, guardianKey, type Policy, type Tier } from './policy.ts'

const day = 86_400

/** The bounds of a policy; durations in seconds unless the name says otherwise. */
export const policyLimits = {
  bytes: 4_096,
  tiers: 4,
  guardians: 32,
  kind: 31,
  minSignerBytes: 20,
  maxSignerBytes: 256,
  maxDelay: 90 * day,
  minSingleDelay: 3_600,
  minWindowHours: 48,
  maxWindowHours: 1_440,
  maxFreezeHours: 72,
  minChangeDelayDays: 2,
} as const

/** Where a policy is to be used. */
export type PolicyContext = {
  /** Addresses that can be neither guardians nor verifiers: the account, the EntryPoint, the core contracts. */
  readonly forbiddenSigners?: readonly Address[] | undefined
  /** The verifier of recovery codes: no guardian itself, only with a set of codes as key. */
  readonly codeVerifier?: Address | undefined
}

type Member = Pick<Guardian, 'weight' | 'kind' | 'validUntil'>

const knownOptions = 1
const knownTierFlags = 1
const hiddenFlag = 1
const evidenceFlag = 2
const commitmentBytes = 32

/**
 * Checks policy bytes by the rules of the contract, in the contract's order, and returns the policy.
 *
 * @throws {InvalidPolicyError} naming the rule that the contract would name.
 * @example
 * const policy = validatePolicy(encodePolicy(draft), { forbiddenSigners: [account.address] })
 * @see SPEC §7, Validation
 */
export function validatePolicy(bytes: Hex, context: PolicyContext = {}): Policy {
  try {
    const cursor = createCursor(bytes, 'policy')
    expect(cursor.remaining <= policyLimits.bytes, 'tooLong', `it has ${cursor.remaining} bytes`)
    const head = checkHead(createCursor(cursor.take(38), 'policy'))
    const tiers = createCursor(cursor.take(8 * head.tierCount), 'policy')
    const guardians = checkGuardians(cursor, context)
    cursor.end()
    checkTiers(tiers, guardians, head.allowsInstantSingle)
  } catch (error) {
    if (error instanceof EncodingError)
      throw new InvalidPolicyError('malformed', 'its bytes are cut, extended or no policy')
    throw error
  }
  const policy = decodePolicy(bytes)
  // The contract counts notes as guardians here, who never vote.
  for (const [index, tier] of policy.tiers.entries())
    expect(
      isReached(tier, policy.guardians),
      'tierUnreachable',
      `all guardians together do not reach tier ${index + 1}`,
    )
  return policy
}

/** Tells whether guardians together reach a tier, by sum of weights and number of kinds. */
export function isReached(tier: Pick<Tier, 'weight' | 'kinds'>, guardians: readonly Member[]): boolean {
  const weight = guardians.reduce((sum, guardian) => sum + guardian.weight, 0)
  return weight >= tier.weight && new Set(guardians.map(({ kind }) => kind)).size >= tier.kinds
}

/** Returns how many days a change of policy, an uninstall or an upgrade waits under this policy. */
export function changeDelayDays({ tiers }: Pick<Policy, 'tiers'>): number {
  const longest = Math.max(0, ...tiers.map(({ delay }) => delay))
  return Math.max(policyLimits.minChangeDelayDays, Math.ceil(longest / day) + 1)
}

function expect(holds: boolean, rule: PolicyRule, problem: string): void {
  if (!holds) throw new InvalidPolicyError(rule, problem)
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

function checkHead(cursor: Cursor): { tierCount: number; allowsInstantSingle: boolean } {
  const limits = policyLimits
  expect(cursor.number(1) === 1, 'malformed', 'its version is not 1')
  cursor.take(32)
  const options = cursor.number(1)
  expect(options <= knownOptions, 'unknownOption', 'it has unknown options')
  const windowHours = cursor.number(2)
  const isWindow = isWithin(windowHours, limits.minWindowHours, limits.maxWindowHours)
  expect(isWindow, 'windowOutOfRange', `its window is ${windowHours} hours`)
  const freezeHours = cursor.number(1)
  expect(freezeHours <= limits.maxFreezeHours, 'freezeOutOfRange', `it lets a freeze last ${freezeHours} hours`)
  const tierCount = cursor.number(1)
  expect(isWithin(tierCount, 1, limits.tiers), 'tierCount', `it has ${tierCount} tiers`)
  return { tierCount, allowsInstantSingle: options === 1 }
}

function checkGuardians(cursor: Cursor, context: PolicyContext): Member[] {
  const count = cursor.number(1)
  expect(isWithin(count, 1, policyLimits.guardians), 'guardianCount', `it has ${count} guardians`)
  const members: Member[] = []
  let previous: Hex = `0x${'00'.repeat(commitmentBytes)}`
  for (let number = 1; number <= count; number++) {
    const [kind, weight, flags, validUntil] = [1, 1, 1, 5].map((size) => cursor.number(size)) as [
      number,
      number,
      number,
      number,
    ]
    const signer = bytesToHex(cursor.take(cursor.number(2)))
    expect(isWithin(kind, 1, policyLimits.kind), 'guardianKind', `guardian ${number} has kind ${kind}`)
    expect(weight >= 1, 'guardianWithoutWeight', `guardian ${number} has no weight`)
    expect(flags <= (hiddenFlag | evidenceFlag), 'unknownFlag', `guardian ${number} has unknown flags`)
    const isHidden = (flags & hiddenFlag) !== 0
    if (isHidden) checkCommitment(signer, number)
    else checkSigner(signer, number, { ...context, needsEvidence: (flags & evidenceFlag) !== 0 })
    const key = guardianKey({ isHidden, signer })
    expect(
      key > previous,
      'guardiansNotAscending',
      `guardian ${number} is ${key === previous ? 'named twice' : 'out of order'}`,
    )
    previous = key
    members.push({ kind, weight, validUntil })
  }
  return members
}

/** A hidden signer is checked when it is revealed. */
function checkCommitment(commitment: Hex, number: number): void {
  const length = (commitment.length - 2) / 2
  expect(length === commitmentBytes, 'signerLength', `the commitment of guardian ${number} has ${length} bytes`)
}

function checkSigner(
  signer: Hex,
  number: number,
  { forbiddenSigners = [], codeVerifier, needsEvidence }: PolicyContext & { needsEvidence: boolean },
): void {
  const length = (signer.length - 2) / 2
  const isLength = isWithin(length, policyLimits.minSignerBytes, policyLimits.maxSignerBytes)
  expect(isLength, 'signerLength', `the signer of guardian ${number} has ${length} bytes`)
  // The address itself or, before a key, the verifier: the account as verifier would answer as it likes.
  const first = signer.slice(0, 42)
  expect(BigInt(first) > 0xffffn, 'signerForbidden', `the address of guardian ${number} is zero or a precompile`)
  const isForbidden = forbiddenSigners.some((address) => address.toLowerCase() === first)
  const isBareVerifier = signer === codeVerifier?.toLowerCase()
  const isFree = !isForbidden && !isBareVerifier
  expect(isFree, 'signerForbidden', `guardian ${number} is the account or a contract of the system`)
  const isWallet = length === policyLimits.minSignerBytes
  expect(!(needsEvidence && isWallet), 'unknownFlag', `guardian ${number} is a wallet and has no evidence to give`)
}

function checkTiers(cursor: Cursor, guardians: readonly Member[], allowsInstantSingle: boolean): void {
  const lasting = guardians.filter(({ validUntil }) => validUntil === 0)
  let isLasting = false
  for (let number = 1; cursor.remaining > 0; number++) {
    const [weight, kinds, delay, flags] = [2, 1, 4, 1].map((size) => cursor.number(size)) as [
      number,
      number,
      number,
      number,
    ]
    const tier = { weight, kinds }
    expect(flags <= knownTierFlags, 'unknownFlag', `tier ${number} has unknown flags`)
    expect(weight > 0 && kinds > 0, 'tierWithoutThreshold', `tier ${number} needs no weight or no kind`)
    expect(delay <= policyLimits.maxDelay, 'delayTooLong', `tier ${number} waits ${delay} seconds`)
    expect(isReached(tier, guardians), 'tierUnreachable', `all guardians together do not reach tier ${number}`)
    isLasting ||= isReached(tier, lasting)
    if (!guardians.some((guardian) => isReached(tier, [guardian]))) continue
    expect(flags === 0, 'protectedSingle', `one guardian alone reaches tier ${number}, which nobody can veto`)
    const isSlow = delay >= policyLimits.minSingleDelay || allowsInstantSingle
    expect(isSlow, 'instantSingle', `one guardian alone reaches tier ${number} after ${delay} seconds`)
  }
  expect(isLasting, 'onlyExpiringGuardians', 'guardians that never expire reach no tier')
}
