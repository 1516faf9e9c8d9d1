import { decodeErrorResult, type Hex } from 'viem'
import { ContractError } from './contract.ts'
import { type ContractErrorName, contractErrors, contractErrorsAbi } from './contractErrors.generated.ts'

type Entry = { readonly selector: Hex; readonly message?: string; readonly remedy?: string }

/**
 * Turns revert data into the error of the same name as the Solidity error, or `undefined` when no contract has it.
 *
 * @param data - Revert data, selector included.
 * @param cause - The error that carried the data.
 * @example
 * const error = decodeContractError(revertData)
 * if (error?.name === 'LastProvenCredential') suggestAnotherPasskey()
 */
export function decodeContractError(data: Hex, cause?: unknown): ContractError<ContractErrorName> | undefined {
  const decoded = decode(data)
  if (!decoded) return undefined
  const { message, remedy }: Entry = contractErrors[decoded.errorName]
  return new ContractError(decoded.errorName, { args: decoded.args ?? [], data, message, remedy, cause })
}

function decode(data: Hex) {
  try {
    return decodeErrorResult({ abi: contractErrorsAbi, data })
  } catch {
    // Unknown selector or malformed arguments: not one of ours.
    return undefined
  }
}
