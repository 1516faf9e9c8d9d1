import { BaseError } from './base.ts'

/**
 * The rules of a policy in the order in which they are checked; a rule's number is its place in this list, from 1.
 *
 * @see SPEC §7, Validation
 */
export const policyRules = [
  'malformed',
  'tierCount',
  'guardianCount',
  'freezeHours',
  'guardianOrder',
  'signer',
  'unreachableTier',
  'noLastingTier',
  'zeroValue',
  'instantSingle',
  'unvetoableSingle',
  'delay',
  'window',
] as const

/** The name of a rule of {@link policyRules}. */
export type PolicyRule = (typeof policyRules)[number]

const remedies: Record<PolicyRule, string> = {
  malformed: 'Use encodePolicy; the bytes have exactly one valid form.',
  tierCount: 'Give one to four tiers.',
  guardianCount: 'Give one to thirty-two guardians.',
  freezeHours: 'Let a freeze last at most 72 hours.',
  guardianOrder: 'Name each guardian once; sortGuardians puts them in order.',
  signer: 'Name a real guardian: not the zero address, a precompile, the account itself or a contract of Rekey.',
  unreachableTier: 'Lower the weight or the number of kinds of the tier, or add guardians.',
  noLastingTier: 'Make one tier reachable by the guardians that never expire.',
  zeroValue: 'Give every weight, kind and count a value of at least one.',
  instantSingle: 'Let a single guardian wait at least one hour, or allow instant recovery by one guardian on purpose.',
  unvetoableSingle: 'A tier that one guardian alone reaches must be vetoable.',
  delay: 'Let no tier wait longer than 90 days.',
  window: 'Let the window be 2 to 60 days.',
}

/** Thrown when a policy breaks a rule that the contract would refuse it for. */
export class InvalidPolicyError extends BaseError {
  override readonly name = 'Recovery.InvalidPolicyError'
  readonly code = 'POLICY_INVALID'
  readonly rule: PolicyRule
  /** The rule's number, counted from 1. */
  readonly ruleNumber: number

  constructor(rule: PolicyRule, problem: string) {
    super(`The recovery policy is not allowed: ${problem}.`, {
      details: `rule ${rule}`,
      metaMessages: [remedies[rule]],
    })
    this.rule = rule
    this.ruleNumber = policyRules.indexOf(rule) + 1
  }
}
