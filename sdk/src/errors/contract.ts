import type { Hex } from 'viem'
import { BaseError } from './base.ts'

/**
 * Thrown for a custom error of a contract; `name` is the name of the Solidity error.
 *
 * What the names, arguments, messages and remedies are is generated from the contracts.
 */
export class ContractError<name extends string = string, args = unknown> extends BaseError {
  override readonly name: name
  readonly code: string
  /** The error's arguments, as decoded from the revert data. */
  readonly args: args
  /** The revert data as it came from the chain, selector included. */
  readonly data: Hex

  constructor(
    name: name,
    parameters: {
      args: args
      data: Hex
      message?: string | undefined
      remedy?: string | undefined
      cause?: unknown
    },
  ) {
    super(parameters.message ?? `The contract refused with ${name}.`, {
      cause: parameters.cause,
      metaMessages: parameters.remedy === undefined ? [] : [parameters.remedy],
    })
    this.name = name
    this.code = `CONTRACT_${name.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toUpperCase()}`
    this.args = parameters.args
    this.data = parameters.data
  }
}
