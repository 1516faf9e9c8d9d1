import type { Address } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when a link, QR code or pasted text is cut, mistyped, of a newer version, or something else altogether. */
export class LinkDamagedError extends BaseError {
  override readonly name = 'Recovery.LinkDamagedError'
  readonly code = 'RECOVERY_LINK_DAMAGED'

  constructor(subject: string, problem: string) {
    super(`This is not a whole ${subject}: ${problem}.`, {
      metaMessages: ['Nothing was recorded. Copy all of it, or scan it again.'],
    })
  }
}

/** Thrown when a request or answer is for another account than the one expected. */
export class LinkWrongAccountError extends BaseError {
  override readonly name = 'Recovery.LinkWrongAccountError'
  readonly code = 'RECOVERY_LINK_WRONG_ACCOUNT'

  constructor({ seen, wanted }: { seen: Address; wanted: Address }) {
    super('This request is for another account.', {
      details: `seen ${seen}, wanted ${wanted}`,
      metaMessages: ['Do not approve it. Ask the owner, in person or by a call, which account it is.'],
    })
  }
}

/** Thrown when a request is for chains that are not configured, or for contracts other than the configured ones. */
export class LinkWrongChainError extends BaseError {
  override readonly name = 'Recovery.LinkWrongChainError'
  readonly code = 'RECOVERY_LINK_WRONG_CHAIN'

  constructor(details: string) {
    super('This request is for other chains or contracts than this page works with.', {
      details,
      metaMessages: ['Open it on the page that made it, or configure its chains.'],
    })
  }
}

/** Thrown when a request can no longer be approved, by the chains' clocks. */
export class LinkExpiredError extends BaseError {
  override readonly name = 'Recovery.LinkExpiredError'
  readonly code = 'RECOVERY_LINK_EXPIRED'
  /** Unix time in seconds. */
  readonly deadline: number

  constructor(deadline: number) {
    super('This request has expired.', {
      details: `at ${new Date(deadline * 1_000).toISOString()}`,
      metaMessages: ['Ask the owner for a new one.'],
    })
    this.deadline = deadline
  }
}

/** Thrown when an approval that came back belongs to another request. */
export class LinkOtherRequestError extends BaseError {
  override readonly name = 'Recovery.LinkOtherRequestError'
  readonly code = 'RECOVERY_LINK_OTHER_REQUEST'

  constructor() {
    super('This approval is for another request.', {
      metaMessages: [
        'Nothing was recorded. Open the request that the guardian approved, or send the link of this one again.',
      ],
    })
  }
}
