import { concat, type Hex, keccak256, stringToHex, toHex } from 'viem'
import { toBytes } from '../encoding/cursor.ts'

/** A stream of pseudo-random bytes that is the same for the same seed; for tests, never for keys that hold value. */
export type Random = {
  /** Returns the next `length` bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>
  /** Returns true with this probability, 0 to 1. */
  chance(probability: number): boolean
}

/** Starts a stream of pseudo-random bytes. */
export function createRandom(seed: string): Random {
  const key: Hex = keccak256(stringToHex(seed))
  let counter = 0
  const bytes = (length: number): Uint8Array<ArrayBuffer> => {
    const result = new Uint8Array(length)
    for (let offset = 0; offset < length; offset += 32) {
      const block = toBytes(keccak256(concat([key, toHex(counter++, { size: 8 })])), 'random bytes')
      result.set(block.subarray(0, length - offset), offset)
    }
    return result
  }
  return { bytes, chance: (probability) => new DataView(bytes(4).buffer).getUint32(0) < probability * 2 ** 32 }
}
