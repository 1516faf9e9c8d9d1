import { type Address, getAddress, hexToBigInt, pad, toHex, zeroAddress } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { expectSize } from './cursor.ts'

/** The parts of a nonce key. */
export type NonceKey = {
  /** The validator that checks the userOp; the zero address stands for the PasskeyValidator. */
  readonly validator: Address
  /** Lane of its own order, 0 to 2³² − 1; userOps in different lanes do not wait for each other. */
  readonly lane: number
}

const laneBits = 32n

/**
 * Packs the 192-bit nonce key: validator in the upper 160 bits, lane in the lower 32.
 *
 * @throws {EncodingError} when the lane does not fit.
 * @example
 * const nonce = await getNonce({ key: encodeNonceKey({ validator: zeroAddress, lane: 0 }) })
 * @see SPEC §6, Validator selection
 */
export function encodeNonceKey({ validator, lane }: NonceKey): bigint {
  if (!Number.isInteger(lane) || lane < 0 || lane >= 2 ** 32)
    throw new EncodingError('nonce key', `its lane is ${lane}`)
  return (hexToBigInt(expectSize(validator, 20, 'validator')) << laneBits) | BigInt(lane)
}

/**
 * Takes a nonce key apart.
 *
 * @throws {EncodingError} when it has more than 192 bits.
 */
export function decodeNonceKey(key: bigint): NonceKey {
  if (key < 0n || key >> 192n !== 0n) throw new EncodingError('nonce key', 'it does not fit 192 bits')
  const validator = key >> laneBits
  return {
    validator: validator === 0n ? zeroAddress : getAddress(pad(toHex(validator), { size: 20 })),
    lane: Number(key & 0xffff_ffffn),
  }
}
