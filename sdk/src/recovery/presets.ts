import type { Guardian, Tier } from '../encoding/policy.ts'

/**
 * Ready-made tiers. `simple`: one guardian, after a day. `careful`: one guardian waits a day, two kinds of guardians go at
 * once. `fast`: two kinds of guardians, at once. `guarded`: two kinds of guardians after a day; a veto puts them off to the
 * third day and does not stop them. `sovereign`: two kinds of guardians after three days, unless the owner objects; all
 * guardians together after a week, whatever the owner says.
 */
export type RecoveryPreset = (typeof recoveryPresets)[number]

/** The names of all presets, from the fewest guardians to the most. */
export const recoveryPresets = ['simple', 'careful', 'fast', 'guarded', 'sovereign'] as const

const day = 86_400

/** One guardian, in a day, unless the owner objects. */
const oneGuardian: Tier = { weight: 1, kinds: 1, delay: day, isVetoable: true }
/** Two kinds at once; a thief with a passkey cannot veto them. */
const twoKinds: Tier = { weight: 2, kinds: 2, delay: 0, isVetoable: false }
/** Two kinds, and time for the owner to object. */
const twoKindsVetoable = (delay: number): Tier => ({ ...twoKinds, delay, isVetoable: true })

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
    case 'guarded':
      return [twoKindsVetoable(day), { ...twoKinds, delay: 3 * day }]
    case 'sovereign':
      return [twoKindsVetoable(3 * day), { ...twoKinds, weight: Math.max(2, lastingWeight(guardians)), delay: 7 * day }]
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

/** What all guardians weigh together; those that expire would take the tier with them. */
function lastingWeight(guardians: readonly Guardian[]): number {
  return guardians.reduce((sum, { weight, validUntil }) => (validUntil === 0 ? sum + weight : sum), 0)
}

function countKinds(guardians: readonly Guardian[]): number {
  return new Set(guardians.map(({ kind }) => kind)).size
}
