import type { Guardian, Tier } from '../encoding/policy.ts'

/**
 * Ready-made tiers. `simple`: one guardian, after a day. `careful`: one guardian waits a day, two kinds of guardians go at
 * once. `fast`: two kinds of guardians, at once.
 */
export type RecoveryPreset = 'simple' | 'careful' | 'fast'

const day = 86_400

/** One guardian, in a day, unless the owner objects. */
const oneGuardian: Tier = { weight: 1, kinds: 1, delay: day, isVetoable: true }
/** Two kinds at once; a thief with a passkey cannot veto them. */
const twoKinds: Tier = { weight: 2, kinds: 2, delay: 0, isVetoable: false }

/** Returns the tiers of a preset for these guardians; `careful` leaves out the tier that one kind can never reach. */
export function presetTiers(
  preset: RecoveryPreset,
  guardians: readonly Guardian[],
  allowInstantSingle: boolean,
): readonly Tier[] {
  switch (preset) {
    case 'simple':
      return [allowInstantSingle ? { ...oneGuardian, delay: 0 } : oneGuardian]
    case 'careful':
      return countKinds(guardians) < 2 ? [oneGuardian] : [oneGuardian, twoKinds]
    case 'fast':
      return [twoKinds]
  }
}

/** What an owner should know before signing a policy. */
export type PolicyWarning =
  /** One guardian alone can take the account without any wait. */
  | 'instantSingle'
  /** There is one guardian only: if it is lost, so is the account. */
  | 'singleGuardian'
  /** All guardians are of one kind, and can be lost in one way. */
  | 'singleKind'
  /** Every tier can be vetoed: a thief with a passkey can keep the guardians out. */
  | 'thiefCanVeto'

/** Lists what an owner should know before signing a policy. */
export function policyWarnings(tiers: readonly Tier[], guardians: readonly Guardian[]): PolicyWarning[] {
  const heaviest = Math.max(0, ...guardians.map(({ weight }) => weight))
  const warnings: (PolicyWarning | false)[] = [
    tiers.some(({ weight, kinds, delay }) => delay === 0 && kinds <= 1 && weight <= heaviest) && 'instantSingle',
    guardians.length === 1 && 'singleGuardian',
    guardians.length > 1 && countKinds(guardians) === 1 && 'singleKind',
    tiers.every(({ isVetoable }) => isVetoable) && 'thiefCanVeto',
  ]
  return warnings.filter((warning) => warning !== false)
}

function countKinds(guardians: readonly Guardian[]): number {
  return new Set(guardians.map(({ kind }) => kind)).size
}
