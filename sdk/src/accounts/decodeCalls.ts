import { decodeFunctionData, type Hex, slice } from 'viem'
import { rekeyAccountAbi } from '../abis/RekeyAccount.ts'
import { type Call, decodeExecution } from '../encoding/execution.ts'
import { EncodingError } from '../errors/encoding.ts'

/**
 * Returns the calls in the call data of an account's userOp.
 *
 * @throws {EncodingError} when it is not a call of `execute`.
 */
export function decodeExecuteCalls(data: Hex): Call[] {
  const { functionName, args } = decodeFunctionData({ abi: rekeyAccountAbi, data })
  if (functionName !== 'execute') throw new EncodingError('call data of a userOp', `it calls ${functionName}`)
  const [mode, execution] = args
  return decodeExecution(slice(mode, 0, 1) === '0x01' ? 'batch' : 'single', execution)
}
