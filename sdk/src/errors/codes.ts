import type { Address } from 'viem'
import { BaseError } from './base.ts'

/** What is wrong with a text that should be a recovery code. */
export type CodeProblem = 'length' | 'character' | 'checksum' | 'version'

/** Thrown when a text is no recovery code; it was not tried anywhere. */
export class InvalidCodeError extends BaseError {
  override readonly name = 'Codes.InvalidCodeError'
  readonly code = 'CODE_INVALID'
  readonly problem: CodeProblem
  /** Groups, from 1, one of which is mistyped; empty when it may be any. */
  readonly groups: readonly number[]

  constructor(problem: CodeProblem, groups: readonly number[] = [], characters?: number) {
    const sentences: Record<CodeProblem, string> = {
      length: `A recovery code has 30 characters, and this text has ${characters}.`,
      character: 'There is a character that no recovery code has.',
      checksum: 'That code has a typo.',
      version: 'That code was made for another version of this software.',
    }
    const isNamed = groups.length > 0
    const where = isNamed
      ? `Check ${groups.length === 1 ? 'group' : 'groups'} ${groups.join(' or ')}`
      : 'Check each group'
    const remedies: Record<CodeProblem, string> = {
      length: 'Type all six groups of five, in their order.',
      character: `${where}: codes are written in 0 to 9 and A to Z without I, L, O and U.`,
      checksum: `${where} against the sheet.`,
      version: 'Use a newer version.',
    }
    super(sentences[problem], { metaMessages: [remedies[problem], 'Nothing was sent, and no code was used up.'] })
    this.problem = problem
    this.groups = groups
  }
}

/** Thrown when a code is a code, but of no set that the account has. */
export class UnknownCodeError extends BaseError {
  override readonly name = 'Codes.UnknownCodeError'
  readonly code = 'CODE_UNKNOWN'

  constructor(account?: Address) {
    super(`This code does not belong to ${account ? `account ${account}` : 'this set'}.`, {
      metaMessages: ['Nothing was sent. Look for a newer sheet, and compare the account on it.'],
    })
  }
}

/** Thrown when a code has been used. */
export class CodeSpentError extends BaseError {
  override readonly name = 'Codes.CodeSpentError'
  readonly code = 'CODE_SPENT'

  /** @param number - As printed on the sheet, from 1. */
  constructor(number: number, chainIds: readonly number[]) {
    super(`Code ${number} has been used.`, {
      details: `on chain ${chainIds.join(', ')}`,
      metaMessages: ['Nothing was sent. Use another code of the sheet.'],
    })
  }
}

/** Thrown when new codes are to come into force that nobody has shown to have. */
export class CodesNotConfirmedError extends BaseError {
  override readonly name = 'Codes.NotConfirmedError'
  readonly code = 'CODES_NOT_CONFIRMED'

  constructor() {
    super('The new codes are not confirmed.', {
      metaMessages: ['Save them, then type one of them back. The old codes stay good until then.'],
    })
  }
}

/** Thrown when an account has no codes, or those in the policy cannot be used. */
export class NoCodesError extends BaseError {
  override readonly name = 'Codes.NoCodesError'
  readonly code = 'CODES_MISSING'

  constructor(account: Address) {
    super(`Account ${account} has no recovery codes.`, {
      metaMessages: ['Name a set of codes as guardian first; planRecovery takes codesGuardian(…).'],
    })
  }
}

/** Thrown when a change of codes is over on a chain, or is another one. */
export class CodeChangeOverError extends BaseError {
  override readonly name = 'Codes.ChangeOverError'
  readonly code = 'CODES_CHANGE_OVER'

  constructor(chainId: number) {
    super(`The announced codes no longer wait on chain ${chainId}.`, {
      metaMessages: ['They were called off, came too late or were replaced; the codes in force stay. Begin again.'],
    })
  }
}

/** Thrown when the source of random numbers repeats itself. */
export class RandomSourceError extends BaseError {
  override readonly name = 'Codes.RandomSourceError'
  readonly code = 'RANDOM_BROKEN'

  constructor() {
    super('The random numbers of this device repeat.', {
      metaMessages: ['Nothing was made. Use another device or browser.'],
    })
  }
}
