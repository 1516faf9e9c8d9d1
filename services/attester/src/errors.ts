import { BaseError } from '@rekey/sdk/errors'

/** Thrown when a chain cannot be told something now. What was signed stays; it is tried again. */
export class ChainError extends BaseError {
  override readonly name = 'Attester.ChainError'
  readonly code = 'ATTESTER_CHAIN'

  constructor(message: string) {
    super(message, { metaMessages: ['Look at the node, and at the account that pays.'] })
  }
}

/** Thrown when a command is not given as it should be, or may not be done. Nothing was signed. */
export class CommandError extends BaseError {
  override readonly name = 'Attester.CommandError'
  readonly code = 'ATTESTER_COMMAND'

  constructor(message: string, remedy: string) {
    super(message, { metaMessages: [remedy] })
  }
}
