import { concat, type Hex, keccak256, size, slice } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { InvalidPolicyError } from '../errors/policy.ts'
import { type Cursor, createCursor, expectSize, toBytes, uint } from './cursor.ts'

/** Kinds of guardians; the owner's own statement, counted but not verified. */
export const guardianKinds = { wallet: 1, passkey: 2, oidc: 3, passphrase: 4, codes: 5 } as const

/** Someone or something that may approve a recovery. */
export type Guardian = {
  /** Kind of guardian, 1 to 31; see {@link guardianKinds}. */
  readonly kind: number
  /** Weight of the guardian's approval, 1 to 255. */
  readonly weight: number
  /** An ERC-7913 signer (an address, or verifier ‖ key), or, if hidden, keccak256(salt ‖ signer). */
  readonly signer: Hex
  readonly isHidden: boolean
  /** Whether what the approval rests on is asked for again when the recovery executes. */
  readonly needsEvidence: boolean
  /** Unix time in seconds after which the guardian no longer counts; 0 for never. */
  readonly validUntil: number
}

/** One of the ways to reach a recovery. */
export type Tier = {
  /** Sum of weights that is needed. */
  readonly weight: number
  /** Number of distinct kinds of guardians that is needed. */
  readonly kinds: number
  /** Wait before the recovery may execute, in seconds. */
  readonly delay: number
  readonly isVetoable: boolean
}

/** Who may recover an account, and after what wait. */
export type Policy = {
  /** 32 random bytes, chosen last. */
  readonly salt: Hex
  /** Permits a single guardian to recover without waiting an hour. */
  readonly allowsInstantSingle: boolean
  /** Time during which a ready recovery may execute, in hours. */
  readonly windowHours: number
  /** Longest freeze one guardian may impose, in hours; 0 forbids it. */
  readonly freezeHours: number
  readonly tiers: readonly Tier[]
  /** In ascending order of {@link guardianKey}; see {@link sortGuardians}. */
  readonly guardians: readonly Guardian[]
  /** What belongs to guardians without being one: entries behind them that never count; see `placeNotes`. */
  readonly notes?: readonly Hex[] | undefined
}

/** Nobody's address, which every note begins with: the end of keccak256('rekey policy note'). */
export const noteAddress = '0x685ae803635cfc19fad588068b338fefd48c0084'

const subject = 'policy'
const version = 1
const noteKind = 31

/**
 * Packs a policy; whether its rules hold is another question, see `validatePolicy`.
 *
 * @throws {EncodingError} when a value does not fit its field.
 * @example
 * const policy = { salt, allowsInstantSingle: false, windowHours: 336, freezeHours: 0, tiers, guardians: sortGuardians(guardians) }
 * const bytes = encodePolicy(policy)
 * @see SPEC §7, Policy bytes
 */
export function encodePolicy(policy: Policy): Hex {
  const entries = [...policy.guardians, ...(policy.notes ?? []).map(toEntry)]
  return concat([
    uint(version, 1, subject),
    expectSize(policy.salt, 32, 'policy salt'),
    uint(policy.allowsInstantSingle ? 1 : 0, 1, subject),
    uint(policy.windowHours, 2, 'policy window'),
    uint(policy.freezeHours, 1, 'policy freeze'),
    uint(policy.tiers.length, 1, 'number of tiers'),
    ...policy.tiers.map(encodeTier),
    uint(entries.length, 1, 'number of guardians'),
    ...entries.map(encodeGuardian),
  ])
}

/**
 * Reads packed policy bytes; whether the policy's rules hold is another question, see `validatePolicy`.
 *
 * @throws {InvalidPolicyError} with rule `malformed` when the bytes are cut, extended, or have unknown bits or kinds.
 * @see SPEC §7, Policy bytes
 */
export function decodePolicy(bytes: Hex): Policy {
  try {
    const cursor = createCursor(bytes, subject)
    if (cursor.number(1) !== version) throw new EncodingError(subject, `its version is not ${version}`)
    const salt = cursor.hex(32)
    const allowsInstantSingle = readFlags(cursor, 1) === 1
    const windowHours = cursor.number(2)
    const freezeHours = cursor.number(1)
    const tiers = readList(cursor, readTier)
    const entries = readList(cursor, readGuardian)
    cursor.end()
    const guardians = entries.slice(0, entries.findLastIndex((entry) => !isNote(entry)) + 1)
    const notes = entries.slice(guardians.length).map(({ signer }) => signer)
    const policy = { salt, allowsInstantSingle, windowHours, freezeHours, tiers, guardians }
    return notes.length > 0 ? { ...policy, notes } : policy
  } catch (error) {
    if (error instanceof EncodingError) throw new InvalidPolicyError('malformed', error.shortMessage.replace(/\.$/, ''))
    throw error
  }
}

/** Returns the hash that approvals name; its low 160 bits are the policy's id on chain. */
export function policyHash(bytes: Hex): Hex {
  return keccak256(bytes)
}

/** Returns the low 160 bits of the policy hash. */
export function policyId(bytes: Hex): Hex {
  return slice(policyHash(bytes), 12)
}

/** Returns what guardians are ordered and told apart by: the commitment of a hidden one, else the hash of the signer. */
export function guardianKey({ isHidden, signer }: Pick<Guardian, 'isHidden' | 'signer'>): Hex {
  return (isHidden ? signer : keccak256(signer)).toLowerCase() as Hex
}

/** Returns the guardians in the order a policy needs. */
export function sortGuardians(guardians: readonly Guardian[]): Guardian[] {
  return guardians.toSorted((a, b) => (guardianKey(a) < guardianKey(b) ? -1 : 1))
}

/**
 * Returns the commitment that stands for a hidden guardian.
 *
 * @param salt - 32 random bytes; needed again when the guardian approves.
 * @throws {EncodingError} when the salt has another size.
 */
export function hideSigner(salt: Hex, signer: Hex): Hex {
  return keccak256(concat([expectSize(salt, 32, 'salt of a hidden guardian'), signer]))
}

/** A guardian who is nobody, and whose time was over in 1970. */
function toEntry(signer: Hex): Guardian {
  return { kind: noteKind, weight: 1, signer, isHidden: false, needsEvidence: false, validUntil: 1 }
}

function isNote(entry: Guardian): boolean {
  const { kind, weight, signer, isHidden, needsEvidence, validUntil } = entry
  const isNobody = signer.startsWith(noteAddress) && size(signer) > 20
  return isNobody && kind === noteKind && weight === 1 && validUntil === 1 && !isHidden && !needsEvidence
}

function encodeTier(tier: Tier): Hex {
  return concat([
    uint(tier.weight, 2, 'weight of a tier'),
    uint(tier.kinds, 1, 'number of kinds of a tier'),
    uint(tier.delay, 4, 'delay of a tier'),
    uint(tier.isVetoable ? 0 : 1, 1, subject),
  ])
}

function encodeGuardian(guardian: Guardian): Hex {
  toBytes(guardian.signer, 'signer of a guardian')
  return concat([
    uint(guardian.kind, 1, 'kind of a guardian'),
    uint(guardian.weight, 1, 'weight of a guardian'),
    uint((guardian.isHidden ? 1 : 0) | (guardian.needsEvidence ? 2 : 0), 1, subject),
    uint(guardian.validUntil, 5, 'expiry of a guardian'),
    uint(size(guardian.signer), 2, 'signer of a guardian'),
    guardian.signer,
  ])
}

function readList<item>(cursor: Cursor, read: (cursor: Cursor) => item): item[] {
  return Array.from({ length: cursor.number(1) }, () => read(cursor))
}

function readTier(cursor: Cursor): Tier {
  const [weight, kinds, delay] = [cursor.number(2), cursor.number(1), cursor.number(4)]
  return { weight, kinds, delay, isVetoable: readFlags(cursor, 1) === 0 }
}

function readGuardian(cursor: Cursor): Guardian {
  const [kind, weight, flags, validUntil] = [cursor.number(1), cursor.number(1), readFlags(cursor, 3), cursor.number(5)]
  if (kind < 1 || kind > 31) throw new EncodingError(subject, `the kind of a guardian is ${kind}, not 1 to 31`)
  const signer = cursor.hex(cursor.number(2))
  return { kind, weight, signer, isHidden: (flags & 1) !== 0, needsEvidence: (flags & 2) !== 0, validUntil }
}

function readFlags(cursor: Cursor, known: number): number {
  const flags = cursor.number(1)
  if ((flags & ~known) !== 0) throw new EncodingError(subject, 'it has unknown flags')
  return flags
}
