import { decodeFunctionData, type Hex, slice } from 'viem'
import { rekeyAccountAbi } from '../abis/used.ts'
import { type Call, decodeExecution } from '../encoding/execution.ts'
import { EncodingError } from '../errors/encoding.ts'

/**
 * Returns the calls in the call data of an account's userOp.
 *
 * @throws {EncodingError} when it is not a call of `execute`.
 */
export function decodeExecuteCalls(data: Hex): Call[] {
  const [mode, execution] = decodeExecute(data)
  return decodeExecution(slice(mode, 0, 1) === '0x01' ? 'batch' : 'single', execution)
}

function decodeExecute(data: Hex) {
  try {
    const { functionName, args } = decodeFunctionData({ abi: rekeyAccountAbi, data })
    if (functionName === 'execute') return args
  } catch {
    // Of another function than the SDK uses, or cut: either way no call of `execute`.
  }
  throw new EncodingError('call data of a userOp', 'it does not call execute')
}
