import { decodeErrorResult, type Hex, isHex } from 'viem'
import type { ContractError } from './contract.ts'
import type { ContractErrorName } from './contractErrors.generated.ts'
import { decodeContractError } from './decodeContractError.ts'

/** EntryPoint's wrapper around a revert of the account. */
const entryPointErrorsAbi = [
  {
    type: 'error',
    name: 'FailedOpWithRevert',
    inputs: [
      { name: 'opIndex', type: 'uint256' },
      { name: 'reason', type: 'string' },
      { name: 'inner', type: 'bytes' },
    ],
  },
] as const

/**
 * Finds the custom error of a Rekey contract in whatever a node, a bundler or viem threw; `undefined` when there is none.
 *
 * @param error - Any thrown value, or revert data.
 * @example
 * const refusal = findContractError(error)
 * if (refusal?.name === 'NotReady') showWait(refusal)
 */
export function findContractError(error: unknown): ContractError<ContractErrorName> | undefined {
  for (const data of collectHex(error)) {
    const found = decodeContractError(data, error) ?? decodeContractError(unwrap(data), error)
    if (found) return found
  }
  return undefined
}

function unwrap(data: Hex): Hex {
  try {
    return decodeErrorResult({ abi: entryPointErrorsAbi, data }).args[2]
  } catch {
    // Not wrapped.
    return data
  }
}

/** Everything that may be revert data, from the outside in: viem nests it, bundlers put it into their messages. */
function collectHex(error: unknown): Hex[] {
  const found: Hex[] = []
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') found.push(...findHex(value))
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (const key of ['data', 'raw', 'details', 'cause', 'error']) visit(Reflect.get(value, key))
  }
  visit(error)
  return found
}

function findHex(text: string): Hex[] {
  const words: readonly string[] = text.match(/0x(?:[0-9a-fA-F]{2}){4,}/g) ?? []
  return words.filter((word) => isHex(word))
}
