import type { Address, Hex } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when a passkey answered that the account once had: it was removed, or a recovery threw it out. */
export class PasskeyRemovedError extends BaseError {
  override readonly name = 'Account.PasskeyRemovedError'
  readonly code = 'ACCOUNT_PASSKEY_REMOVED'
  readonly account: Address
  /** The passkey's id, to tell its provider that it opens nothing any more. */
  readonly credentialId: Hex

  constructor(account: Address, credentialId: Hex) {
    super(`This passkey is no longer one of account ${account}.`, {
      metaMessages: ['Use another passkey of the account. If there is none left, recover the account.'],
    })
    this.account = account
    this.credentialId = credentialId
  }
}

/** Thrown before anything is asked when no chain tells the id of a passkey that could be asked for. */
export class NoListedPasskeyError extends BaseError {
  override readonly name = 'Account.NoListedPasskeyError'
  readonly code = 'ACCOUNT_NO_LISTED_PASSKEY'

  constructor(account: Address, rpId: string) {
    super(`No chain names a passkey of account ${account} for "${rpId}".`, {
      metaMessages: [
        'Check the address, and that this is the domain on which the security key was added.',
        'A passkey that came by a recovery is offered without being named: sign in without naming a security key.',
      ],
    })
  }
}

/** Thrown when no security key answered: closed, too late, another key, or no PIN; browsers do not tell these apart. */
export class SecurityKeyNotUsedError extends BaseError {
  override readonly name = 'WebAuthn.SecurityKeyNotUsedError'
  readonly code = 'WEBAUTHN_SECURITY_KEY_NOT_USED'

  constructor(cause?: unknown) {
    super('No security key answered: the prompt was closed or timed out, it was another key, or the key has no PIN.', {
      cause,
      metaMessages: [
        'Accounts accept only keys that verify their user. Set a PIN for the key in the settings of the browser or the system, then try again.',
      ],
    })
  }
}

/** What {@link InvalidPasskeyRequestError} found wrong. */
export type PasskeyRequestProblem = 'format' | 'version' | 'checksum' | 'domain' | 'rules' | 'possession'

/** Thrown when a request to add a passkey is damaged, was changed, or asks for a passkey that could not be used. */
export class InvalidPasskeyRequestError extends BaseError {
  override readonly name = 'PasskeyRequest.InvalidError'
  readonly code = 'PASSKEY_REQUEST_INVALID'
  readonly problem: PasskeyRequestProblem

  constructor(problem: PasskeyRequestProblem, details: string, cause?: unknown) {
    super('This is not a valid request to add a passkey.', {
      cause,
      details: `${problem}: ${details}`,
      metaMessages: ['Nothing was added. Make the request again, and use the link complete and unchanged.'],
    })
    this.problem = problem
  }
}

/** Thrown when a request's new passkey has not signed that it belongs to this account. */
export class PasskeyNotProvenError extends BaseError {
  override readonly name = 'PasskeyRequest.NotProvenError'
  readonly code = 'PASSKEY_REQUEST_NOT_PROVEN'

  constructor(details: string) {
    super('The new passkey has not shown that it can sign for this account.', {
      details,
      metaMessages: ['Nothing was added. Make the request again, on another device or browser if it happens twice.'],
    })
  }
}

/** Thrown when a request is for another account than the one that is to approve it. */
export class OtherAccountError extends BaseError {
  override readonly name = 'PasskeyRequest.OtherAccountError'
  readonly code = 'PASSKEY_REQUEST_OTHER_ACCOUNT'

  constructor(parameters: { wanted: Address; account: Address }) {
    super(`This request is for account ${parameters.wanted}, not for ${parameters.account}.`, {
      metaMessages: ['Sign in with that account, or ask for a passkey of this one. Nothing was added.'],
    })
  }
}

/** Thrown when a request is older than it may be; by the clock of the chains. */
export class PasskeyRequestExpiredError extends BaseError {
  override readonly name = 'PasskeyRequest.ExpiredError'
  readonly code = 'PASSKEY_REQUEST_EXPIRED'

  constructor(parameters: { expiresAt: number; now: number }) {
    super('This request to add a passkey has expired.', {
      details: `it was valid until ${parameters.expiresAt}, and it is ${parameters.now}`,
      metaMessages: ['Nothing was added. Make the request again.'],
    })
  }
}

/** Thrown when no chain has the passkey of a request yet. */
export class PasskeyRequestPendingError extends BaseError {
  override readonly name = 'PasskeyRequest.PendingError'
  readonly code = 'PASSKEY_REQUEST_PENDING'

  constructor(account: Address) {
    super(`No chain has added the new passkey to account ${account} yet.`, {
      metaMessages: ['Approve the request with a passkey of the account, then ask again.'],
    })
  }
}
