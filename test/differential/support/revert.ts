import { type ContractErrorName, decodeContractError } from '@rekey/sdk/errors'
import { BaseError, ContractFunctionRevertedError } from 'viem'

/**
 * Returns the name and arguments of the custom error a call reverted with, as the SDK decodes it.
 *
 * @throws the error itself when it is anything else.
 */
export function decodeRevert(error: unknown): { name: ContractErrorName; args: readonly unknown[] } {
  const revert = error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  const decoded = revert instanceof ContractFunctionRevertedError && revert.raw && decodeContractError(revert.raw)
  if (!decoded) throw error
  return { name: decoded.name, args: decoded.args as readonly unknown[] }
}
