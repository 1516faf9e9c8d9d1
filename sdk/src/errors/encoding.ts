import { BaseError } from './base.ts'

/** Thrown when bytes are not in the one form their specification allows, or a value does not fit that form. */
export class EncodingError extends BaseError {
  override readonly name = 'Encoding.EncodingError'
  readonly code = 'ENCODING_INVALID'
  /** What was being read or written, for example `assertion` or `policy`. */
  readonly subject: string

  constructor(subject: string, problem: string) {
    super(`The ${subject} is not well-formed: ${problem}.`, {
      metaMessages: ['Nothing was sent. Check where these bytes come from and that they were not cut or extended.'],
    })
    this.subject = subject
  }
}

/** Thrown when a public key is not a point of the curve P-256, or is in none of the known formats. */
export class InvalidPublicKeyError extends BaseError {
  override readonly name = 'Encoding.InvalidPublicKeyError'
  readonly code = 'ENCODING_INVALID_PUBLIC_KEY'

  constructor(problem: string) {
    super(`This is not a usable P-256 public key: ${problem}.`, {
      metaMessages: ['Create the passkey again; an account with this key could never be used.'],
    })
  }
}
