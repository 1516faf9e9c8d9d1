import { encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { rekeyAccountAbi } from '../abis/RekeyAccount.ts'
import { encodeExecute } from '../encoding/execution.ts'
import { decodeExecuteCalls } from './decodeCalls.ts'

const calls = [
  { to: `0x${'11'.repeat(20)}`, value: 1n, data: '0x1234' },
  { to: `0x${'22'.repeat(20)}`, value: 0n, data: '0x' },
] as const

test('calls come back from the call data of a userOp, one or several', () => {
  for (const some of [calls, calls.slice(0, 1)]) expect(decodeExecuteCalls(encodeExecute(some))).toEqual(some)
})

test('whatever does not call execute is refused by name', () => {
  const data = encodeExecute(calls)
  const uninstall = encodeFunctionData({
    abi: rekeyAccountAbi,
    functionName: 'uninstallModule',
    args: [1n, zeroAddress, '0x'],
  })
  const others: Hex[] = ['0x', '0x12345678', uninstall, data.slice(0, 40) as Hex]
  for (const other of others)
    expect(() => decodeExecuteCalls(other), other).toThrow(expect.objectContaining({ code: 'ENCODING_INVALID' }))
})
