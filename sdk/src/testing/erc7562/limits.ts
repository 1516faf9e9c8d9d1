import type { PackedUserOperation } from 'viem/account-abstraction'
import { encodedSize, gasLimitsOf, paymasterOf } from './userOp.ts'
import type { Violation } from './violation.ts'

/** Limits of the public mempool, which bundlers may set per chain. */
export type Limits = {
  /** Highest `verificationGasLimit` and `paymasterVerificationGasLimit`. */
  maxVerificationGas: bigint
  /** Most bytes of the packed, ABI-encoded userOp. */
  maxUserOpSize: number
}

/** The limits ERC-7562 gives as defaults. */
export const defaultLimits: Limits = { maxVerificationGas: 500_000n, maxUserOpSize: 8192 }

/** Judges what needs no trace: the size of the userOp and the verification gas limits it declares. */
export function judgeLimits(userOp: PackedUserOperation, limits: Limits): Violation[] {
  const violations: Violation[] = []
  const bytes = encodedSize(userOp)
  if (bytes > limits.maxUserOpSize)
    violations.push({
      rule: 'MAX_USEROP_SIZE',
      entity: 'account',
      address: userOp.sender,
      detail: `the userOp has ${bytes} bytes, at most ${limits.maxUserOpSize} are allowed`,
    })
  const gas = gasLimitsOf(userOp)
  if (gas.verification > limits.maxVerificationGas)
    violations.push({
      rule: 'MAX_VERIFICATION_GAS',
      entity: 'account',
      address: userOp.sender,
      detail: `verificationGasLimit is ${gas.verification}, at most ${limits.maxVerificationGas} is allowed`,
    })
  const paymaster = paymasterOf(userOp)
  if (paymaster && gas.paymasterVerification > limits.maxVerificationGas)
    violations.push({
      rule: 'MAX_VERIFICATION_GAS',
      entity: 'paymaster',
      address: paymaster,
      detail: `paymasterVerificationGasLimit is ${gas.paymasterVerification}, at most ${limits.maxVerificationGas} is allowed`,
    })
  return violations
}
