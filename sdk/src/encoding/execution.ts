import { type Address, concat, decodeAbiParameters, encodeAbiParameters, encodeFunctionData, type Hex, pad } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor, toBytes, uint } from './cursor.ts'

/** One call of an account. */
export type Call = { readonly to: Address; readonly value?: bigint | undefined; readonly data?: Hex | undefined }

/** How an account executes: one call or several, reverting or carrying on when one fails. */
export type ExecutionMode = { readonly callType: 'single' | 'batch'; readonly onFailure: 'revert' | 'try' }

const executeAbi = [
  {
    type: 'function',
    name: 'execute',
    stateMutability: 'payable',
    inputs: [
      { name: 'mode', type: 'bytes32' },
      { name: 'executionCalldata', type: 'bytes' },
    ],
    outputs: [],
  },
] as const

const batchParameters = [
  {
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'callData', type: 'bytes' },
    ],
  },
] as const

/**
 * Packs the execution mode of ERC-7579: call type, exec type, and 30 bytes that Rekey leaves zero.
 *
 * @see ERC-7579, Execution Behavior
 */
export function encodeExecutionMode({ callType, onFailure }: ExecutionMode): Hex {
  return pad(`0x${callType === 'batch' ? '01' : '00'}${onFailure === 'try' ? '01' : '00'}`, { dir: 'right', size: 32 })
}

/**
 * Packs one call (`target ‖ value ‖ data`) or several (ABI-encoded), as the mode says.
 *
 * @throws {EncodingError} when a single execution has not exactly one call.
 */
export function encodeExecution(callType: ExecutionMode['callType'], calls: readonly Call[]): Hex {
  if (callType === 'batch')
    return encodeAbiParameters(batchParameters, [
      calls.map(({ to, value = 0n, data = '0x' }) => ({ target: to, value, callData: data })),
    ])
  const [call] = calls
  if (!call || calls.length > 1) throw new EncodingError('execution', `a single execution has ${calls.length} calls`)
  toBytes(call.data ?? '0x', 'call data')
  return concat([call.to, uint(call.value ?? 0n, 32, 'value of a call'), call.data ?? '0x'])
}

/**
 * Reads what {@link encodeExecution} wrote.
 *
 * @throws {EncodingError} when a single execution is shorter than target and value.
 */
export function decodeExecution(callType: ExecutionMode['callType'], execution: Hex): Call[] {
  if (callType === 'batch') {
    const [calls] = decodeAbiParameters(batchParameters, execution)
    return calls.map(({ target, value, callData }) => ({ to: target, value, data: callData }))
  }
  const cursor = createCursor(execution, 'execution')
  const [to, value] = [cursor.hex(20), cursor.word()]
  const dataLength = cursor.remaining
  return [{ to, value, data: cursor.hex(dataLength) }]
}

/**
 * Returns the call data that makes an account execute calls: one directly, several in order, all or nothing.
 *
 * @throws {EncodingError} when there is no call.
 * @example
 * const callData = encodeExecute([{ to: token, data: transfer }])
 * @see SPEC §6
 */
export function encodeExecute(calls: readonly Call[], onFailure: ExecutionMode['onFailure'] = 'revert'): Hex {
  if (calls.length === 0) throw new EncodingError('execution', 'it has no call')
  const callType = calls.length === 1 ? 'single' : 'batch'
  return encodeFunctionData({
    abi: executeAbi,
    args: [encodeExecutionMode({ callType, onFailure }), encodeExecution(callType, calls)],
  })
}
