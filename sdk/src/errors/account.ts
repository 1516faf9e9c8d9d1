import type { Address, Hex } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when an account that is not set up on a chain yet is asked to approve as a guardian there. */
export class AccountNotSetUpError extends BaseError {
  override readonly name = 'Account.NotSetUpError'
  readonly code = 'ACCOUNT_NOT_SET_UP'

  constructor(account: Address, chainId: number) {
    super(`Account ${account} is not set up on chain ${chainId}.`, {
      metaMessages: ['Send any call with it on this chain first; until then it has no vote there.'],
    })
  }
}

/** Thrown when no chain knows an account for the passkey that was used. */
export class AccountNotFoundError extends BaseError {
  override readonly name = 'Account.NotFoundError'
  readonly code = 'ACCOUNT_NOT_FOUND'

  constructor(details: string, cause?: unknown) {
    super('No account was found for this passkey.', {
      details,
      cause,
      metaMessages: ['Try another passkey. If it worked before, it may have been removed: start a recovery.'],
    })
  }
}

/** Thrown when a passkey opens several accounts: nobody but its owner can say which is meant. */
export class AccountAmbiguousError extends BaseError {
  override readonly name = 'Account.AmbiguousError'
  readonly code = 'ACCOUNT_AMBIGUOUS'
  readonly accounts: readonly Address[]

  constructor(accounts: readonly Address[]) {
    super(`This passkey opens more than one account: ${accounts.join(', ')}.`, {
      metaMessages: [
        'Pass the address of the one you know to be yours. Somebody else may have made the others, to be taken for it.',
      ],
    })
    this.accounts = accounts
  }
}

/** Thrown when what an account's address commits to is not known, so that it cannot be created where it is missing. */
export class GenesisUnknownError extends BaseError {
  override readonly name = 'Account.GenesisUnknownError'
  readonly code = 'ACCOUNT_GENESIS_UNKNOWN'

  constructor(account: Address, details?: string) {
    super(`How account ${account} came to be is not known.`, {
      details,
      metaMessages: ['Reach a chain on which it is set up, or pass the account record saved at its creation.'],
    })
  }
}

/** Thrown when an account record's parts do not belong together, or it is not a record. */
export class InvalidRecordError extends BaseError {
  override readonly name = 'Account.InvalidRecordError'
  readonly code = 'ACCOUNT_INVALID_RECORD'

  constructor(subject: string, problem: string) {
    super(`This is not a valid ${subject}: ${problem}.`, {
      metaMessages: ['Nothing was done. Use the text as it was exported, complete and unchanged.'],
    })
  }
}

/** Thrown before anything is asked when the passkey in use does not sign for the account on a chain. */
export class PasskeyCannotSignError extends BaseError {
  override readonly name = 'Account.PasskeyCannotSignError'
  readonly code = 'ACCOUNT_PASSKEY_CANNOT_SIGN'

  constructor(parameters: { account: Address; chainId: number; isSetUp: boolean }) {
    super(`This passkey does not sign for account ${parameters.account} on chain ${parameters.chainId}.`, {
      metaMessages: [
        parameters.isSetUp
          ? 'Use a passkey that the account has there, or add this one with it.'
          : 'The account is not set up there: send first with the passkey it was created with, or recover it there.',
      ],
    })
  }
}

/** Thrown before anything is asked when removing a passkey would leave the account without a proven one. */
export class LastPasskeyError extends BaseError {
  override readonly name = 'Account.LastPasskeyError'
  readonly code = 'ACCOUNT_LAST_PASSKEY'

  constructor(chainId: number) {
    super(`This is the only proven passkey of the account on chain ${chainId}.`, {
      metaMessages: ['Nothing was removed. Add another passkey first.'],
    })
  }
}

/** Thrown before anything is asked when no chain has the passkey that was named. */
export class PasskeyNotFoundError extends BaseError {
  override readonly name = 'Account.PasskeyNotFoundError'
  readonly code = 'ACCOUNT_PASSKEY_NOT_FOUND'

  constructor(commitment: Hex) {
    super(`The account has no passkey ${commitment} on any of the chains.`, {
      metaMessages: ['List the passkeys again; it may have been removed already.'],
    })
  }
}
