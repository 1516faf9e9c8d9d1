import { type Address, encodeFunctionData, getAddress, type Hex, size, slice } from 'viem'
import {
  entryPoint08Abi,
  type PackedUserOperation,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'

/** A userOp of EntryPoint v0.8, as viem's client builds it or packed as the EntryPoint takes it. */
export type AnyUserOp = UserOperation<'0.8'> | PackedUserOperation

/** Marker a packed userOp carries instead of a factory when the account is an EIP-7702 delegate. */
const eip7702Factory = '0x7702000000000000000000000000000000000000'

/** The userOp in the packed form of the EntryPoint. */
export function packUserOp(userOp: AnyUserOp): PackedUserOperation {
  return 'accountGasLimits' in userOp ? userOp : toPackedUserOperation(userOp)
}

/** The factory named in `initCode`; none for an empty one and for the EIP-7702 marker. */
export function factoryOf(userOp: PackedUserOperation): Address | undefined {
  if (size(userOp.initCode) < 20) return undefined
  const factory = slice(userOp.initCode, 0, 20)
  return factory.toLowerCase() === eip7702Factory ? undefined : getAddress(factory)
}

/** The paymaster named in `paymasterAndData`. */
export function paymasterOf(userOp: PackedUserOperation): Address | undefined {
  return size(userOp.paymasterAndData) < 20 ? undefined : getAddress(slice(userOp.paymasterAndData, 0, 20))
}

/** The gas limits a packed userOp declares. */
export function gasLimitsOf(userOp: PackedUserOperation) {
  const paymasterLimits = size(userOp.paymasterAndData) < 52 ? undefined : slice(userOp.paymasterAndData, 20, 52)
  return {
    verification: BigInt(slice(userOp.accountGasLimits, 0, 16)),
    call: BigInt(slice(userOp.accountGasLimits, 16, 32)),
    paymasterVerification: paymasterLimits ? BigInt(slice(paymasterLimits, 0, 16)) : 0n,
    paymasterPostOp: paymasterLimits ? BigInt(slice(paymasterLimits, 16, 32)) : 0n,
    preVerification: userOp.preVerificationGas,
  }
}

/** Calldata of `handleOps` with this userOp alone. */
export function encodeHandleOps(userOp: PackedUserOperation, beneficiary: Address): Hex {
  return encodeFunctionData({ abi: entryPoint08Abi, functionName: 'handleOps', args: [[userOp], beneficiary] })
}

/** Bytes of the packed userOp, ABI-encoded on its own. */
export function encodedSize(userOp: PackedUserOperation): number {
  const selectorSize = 4
  const calldata = encodeFunctionData({ abi: entryPoint08Abi, functionName: 'getUserOpHash', args: [userOp] })
  return size(calldata) - selectorSize
}
