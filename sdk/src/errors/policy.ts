import { BaseError } from './base.ts'

/**
 * The rules of a policy by their numbers in the contract's `BadPolicy(uint8 rule)`, from 1.
 *
 * @see SPEC §7, Validation
 */
export const policyRules = [
  'malformed',
  'tooLong',
  'unknownOption',
  'windowOutOfRange',
  'freezeOutOfRange',
  'tierCount',
  'guardianCount',
  'tierWithoutThreshold',
  'delayTooLong',
  'guardianKind',
  'guardianWithoutWeight',
  'unknownFlag',
  'signerLength',
  'signerForbidden',
  'guardiansNotAscending',
  'tierUnreachable',
  'onlyExpiringGuardians',
  'instantSingle',
  'protectedSingle',
] as const

/** The name of a rule of {@link policyRules}. */
export type PolicyRule = (typeof policyRules)[number]

const remedies: Record<PolicyRule, string> = {
  malformed: 'Use encodePolicy; the bytes have exactly one valid form.',
  tooLong: 'Use fewer guardians or shorter signers: a policy has at most 4,096 bytes.',
  unknownOption: 'Use encodePolicy; only the option for instant recovery by one guardian is known.',
  windowOutOfRange: 'Let the window be 2 to 60 days.',
  freezeOutOfRange: 'Let a freeze last at most 72 hours.',
  tierCount: 'Give one to four tiers.',
  guardianCount: 'Give one to thirty-two guardians.',
  tierWithoutThreshold: 'Let every tier need a weight and a number of kinds of at least one.',
  delayTooLong: 'Let no tier wait longer than 90 days.',
  guardianKind: 'Give every guardian a kind from 1 to 31.',
  guardianWithoutWeight: 'Give every guardian a weight of at least one.',
  unknownFlag: 'Use only the flags that this version of the contracts knows.',
  signerLength: 'A signer has 20 to 256 bytes.',
  signerForbidden: 'Name a real guardian: not zero, a precompile, the account itself or a contract of Rekey.',
  guardiansNotAscending: 'Name each guardian once; sortGuardians puts them in order.',
  tierUnreachable: 'Lower the weight or the number of kinds of the tier, or add guardians.',
  onlyExpiringGuardians: 'Make one tier reachable by the guardians that never expire.',
  instantSingle: 'Let a single guardian wait at least one hour, or allow instant recovery by one guardian on purpose.',
  protectedSingle: 'A tier that one guardian alone reaches must be vetoable.',
}

/** Thrown when a policy breaks a rule that the contract would refuse it for. */
export class InvalidPolicyError extends BaseError {
  override readonly name = 'Recovery.InvalidPolicyError'
  readonly code = 'POLICY_INVALID'
  readonly rule: PolicyRule
  /** The rule's number in the contract. */
  readonly ruleNumber: number

  constructor(rule: PolicyRule, problem: string) {
    const ruleNumber = policyRules.indexOf(rule) + 1
    super(`The recovery policy is not allowed: ${problem}.`, {
      details: `rule ${ruleNumber}, ${rule}`,
      metaMessages: [remedies[rule]],
    })
    this.rule = rule
    this.ruleNumber = ruleNumber
  }
}

/** Thrown when a secret that can be read, copied or guessed could by itself take an account before anyone sees it. */
export class SecretAloneError extends BaseError {
  override readonly name = 'Recovery.SecretAloneError'
  readonly code = 'POLICY_SECRET_ALONE'

  /** @param delay - Seconds. */
  constructor(secret: 'passphrase' | 'codes', delay: number) {
    const subjects = { passphrase: 'A passphrase alone', codes: 'A sheet of recovery codes alone' }
    super(`${subjects[secret]} would recover the account after ${delay} seconds.`, {
      metaMessages: ['Let it wait an hour at least, better a day, or ask for a guardian of another kind besides.'],
    })
  }
}

/** Thrown when codes or a passphrase are named as guardian without what it takes to use them later. */
export class GuardianNoteMissingError extends BaseError {
  override readonly name = 'Recovery.GuardianNoteMissingError'
  readonly code = 'POLICY_NOTE_MISSING'

  constructor(secret: 'passphrase' | 'codes') {
    super(`The notes of the ${secret} are missing: with this policy they could never be used.`, {
      metaMessages: ['Name them by codesGuardian or createPassphrase; from a policy in force, by toGuardianInputs.'],
    })
  }
}
