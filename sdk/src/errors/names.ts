import type { Address } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when an account is looked for by name and the configuration has nothing that resolves names. */
export class NameResolverMissingError extends BaseError {
  override readonly name = 'Name.ResolverMissingError'
  readonly code = 'NAME_RESOLVER_MISSING'

  constructor() {
    super('Accounts are not found by name here.', {
      metaMessages: ['Use the address, the sheet or a passkey, or pass `resolveName` to createConfig.'],
    })
  }
}

/** Thrown when a name could not be looked up. */
export class NameServiceError extends BaseError {
  override readonly name = 'Name.ServiceError'
  readonly code = 'NAME_SERVICE_FAILED'

  constructor(cause: unknown) {
    super('The name could not be looked up: the service of names did not answer.', {
      cause,
      metaMessages: ['Use the address, the sheet or a passkey: nothing but the name depends on that service.'],
    })
  }
}

/** Thrown when nobody has a name. */
export class UnknownNameError extends BaseError {
  override readonly name = 'Name.UnknownError'
  readonly code = 'NAME_UNKNOWN'

  constructor() {
    super('No account has this name.', {
      metaMessages: ['Check how it is written, or use the address, the sheet or a passkey.'],
    })
  }
}

/** Thrown before a name is looked up that would not look like what it is. */
export class InvalidNameError extends BaseError {
  override readonly name = 'Name.InvalidError'
  readonly code = 'NAME_INVALID'

  constructor(problem: string) {
    super(`This is not a name that an account can have: ${problem}.`, {
      metaMessages: ['Type the name by hand instead of pasting it.'],
    })
  }
}

/** Thrown when a name leads to another account than the one that is known to have it. */
export class NameMismatchError extends BaseError {
  override readonly name = 'Name.MismatchError'
  readonly code = 'NAME_MISMATCH'
  /** Where the name leads. */
  readonly resolved: Address
  readonly expected: Address

  constructor({ resolved, expected }: { resolved: Address; expected: Address }) {
    super(`This name leads to account ${resolved}, and not to yours.`, {
      details: `expected ${expected}`,
      metaMessages: ['Nothing was done. Use the address that you know, and tell whoever runs the service of names.'],
    })
    this.resolved = resolved
    this.expected = expected
  }
}

/** Thrown when no chain has an account at an address. */
export class AccountAbsentError extends BaseError {
  override readonly name = 'Account.AbsentError'
  readonly code = 'ACCOUNT_ABSENT'

  constructor(account: Address) {
    super(`No chain has an account at ${account}.`, {
      metaMessages: [
        'Compare the address, letter by letter. An account that was never used is found by its kit, its sheet or its passkey.',
      ],
    })
  }
}
