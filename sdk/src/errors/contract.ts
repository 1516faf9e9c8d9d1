import type { Hex } from 'viem'
import { BaseError } from './base.ts'

/**
 * The class that the generated classes of contract errors extend, one per Solidity error, with the same name.
 *
 * Generated classes live in `errors/contracts/`, set `name` to the Solidity name and `code` to
 * `CONTRACT_<NAME IN UPPER_SNAKE>`, and give `args` the types of the error's parameters.
 */
export abstract class ContractError<args = unknown> extends BaseError {
  /** The error's parameters by name, as decoded from the revert data. */
  readonly args: args
  /** The revert data as it came from the chain, selector included. */
  readonly data: Hex

  constructor(shortMessage: string, parameters: { args: args; data: Hex; cause?: unknown; metaMessages?: readonly string[] }) {
    super(shortMessage, { cause: parameters.cause, metaMessages: parameters.metaMessages })
    this.args = parameters.args
    this.data = parameters.data
  }
}
