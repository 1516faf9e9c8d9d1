import { type Hex, keccak256, stringToHex, toHex } from 'viem'
import type { PackedUserOperation, UserOperation } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { defaultLimits, judgeLimits } from './limits.ts'
import { encodedSize, factoryOf, gasLimitsOf, packUserOp, paymasterOf } from './userOp.ts'

const address = (name: string): Hex => `0x${keccak256(stringToHex(name)).slice(-40)}`

const userOp: UserOperation<'0.8'> = {
  sender: address('account'),
  nonce: 7n,
  factory: address('factory'),
  factoryData: '0x1234',
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 2n,
  preVerificationGas: 3n,
  maxFeePerGas: 4n,
  maxPriorityFeePerGas: 5n,
  paymaster: address('paymaster'),
  paymasterData: '0x56',
  paymasterVerificationGasLimit: 6n,
  paymasterPostOpGasLimit: 8n,
  signature: '0x',
}
const bare: PackedUserOperation = { ...packUserOp(userOp), initCode: '0x', paymasterAndData: '0x' }

describe('a packed userOp', () => {
  it('names its factory and paymaster, or none', () => {
    const packed = packUserOp(userOp)
    expect(factoryOf(packed)?.toLowerCase()).toBe(address('factory'))
    expect(paymasterOf(packed)?.toLowerCase()).toBe(address('paymaster'))
    expect(factoryOf(bare)).toBeUndefined()
    expect(paymasterOf(bare)).toBeUndefined()
  })

  it('has no factory when it carries the EIP-7702 marker', () => {
    expect(factoryOf({ ...bare, initCode: '0x7702' })).toBeUndefined()
    expect(factoryOf({ ...bare, initCode: `0x7702${'00'.repeat(18)}abcd` })).toBeUndefined()
  })

  it('declares its gas limits', () => {
    const limits = { verification: 2n, call: 1n, preVerification: 3n }
    expect(gasLimitsOf(packUserOp(userOp))).toEqual({ ...limits, paymasterVerification: 6n, paymasterPostOp: 8n })
    expect(gasLimitsOf(bare)).toEqual({ ...limits, paymasterVerification: 0n, paymasterPostOp: 0n })
  })

  it('is left as it is when it comes packed', () => {
    expect(packUserOp(bare)).toBe(bare)
  })
})

describe('limits', () => {
  const rules = (packed: PackedUserOperation) =>
    judgeLimits(packed, defaultLimits).map(({ rule, entity }) => [rule, entity])
  const withCallData = (bytes: number) => ({ ...bare, callData: toHex(new Uint8Array(bytes)) })

  it('MAX_USEROP_SIZE is 8192 bytes of ABI encoding', () => {
    const room = 8192 - encodedSize(bare)
    expect(rules(withCallData(room))).toEqual([])
    expect(rules(withCallData(room + 1))).toEqual([['MAX_USEROP_SIZE', 'account']])
  })

  it('MAX_VERIFICATION_GAS is 500,000 for the account and for the paymaster', () => {
    const limits = (verification: bigint, paymaster: bigint) =>
      packUserOp({ ...userOp, verificationGasLimit: verification, paymasterVerificationGasLimit: paymaster })
    expect(rules(limits(500_000n, 500_000n))).toEqual([])
    expect(rules(limits(500_001n, 500_000n))).toEqual([['MAX_VERIFICATION_GAS', 'account']])
    expect(rules(limits(500_000n, 500_001n))).toEqual([['MAX_VERIFICATION_GAS', 'paymaster']])
  })
})
