import { concatHex, type Hex, type PublicClient, toHex } from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import { callRpc } from '../../../scripts/stack/jsonRpc.ts'

/**
 * An account of 40 bytes that takes every userOp as valid from `validAfter` on: what a bundler needs to show that it
 * bundles. It cannot pay, so the EntryPoint must hold a deposit for it.
 */
export function tinyAccountCode(validAfter: number): Hex {
  return concatHex(['0x7f', toHex(BigInt(validAfter) << 208n, { size: 32 }), '0x5f5260205ff3'])
}

export function tinyUserOperation(sender: Hex, nonce: bigint, maxFeePerGas: bigint): UserOperation<'0.8'> {
  return {
    sender,
    nonce,
    callData: '0x',
    callGasLimit: 50_000n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 100_000n,
    maxFeePerGas,
    maxPriorityFeePerGas: maxFeePerGas,
    signature: '0x',
  }
}

/** Hands a userOp to a bundler; answers its hash. */
export async function sendTo(bundlerUrl: string, userOperation: UserOperation<'0.8'>): Promise<Hex> {
  const rpc = Object.fromEntries(
    Object.entries(userOperation).map(([key, value]) => [key, typeof value === 'bigint' ? toHex(value) : value]),
  )
  return (await callRpc(bundlerUrl, 'eth_sendUserOperation', [rpc, entryPoint08Address])) as Hex
}

/** The EntryPoint's own word for the userOp. */
export async function hashOf(client: PublicClient, userOperation: UserOperation<'0.8'>): Promise<Hex> {
  const args = [toPackedUserOperation(userOperation)] as const
  return client.readContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'getUserOpHash',
    args,
  })
}
