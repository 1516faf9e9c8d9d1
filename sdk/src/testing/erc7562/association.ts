import { type Address, type Hex, hexToBigInt, keccak256 } from 'viem'
import type { TraceEvent } from './trace.ts'

/** Farthest a slot may lie behind `keccak256(A ‖ x)` and still be associated with A. */
export const associatedSlots = 128n

/** Tells whether a slot, of any contract, is associated with an address. */
export type IsAssociated = (slot: Hex, address: Address) => boolean

/**
 * Builds the test for associated storage from the hashes the validation computed.
 *
 * A slot is associated with A if its number is A, or `keccak256(A ‖ x) + n` with x of 32 bytes and 0 ≤ n ≤ 128, where A
 * is padded to a word as Solidity does for a mapping. Hashes that were not computed in the trace (a slot number that
 * came in calldata or was stored before) associate nothing.
 */
export function findAssociations(events: readonly TraceEvent[]): IsAssociated {
  const bases = new Map<bigint, bigint[]>()
  for (const event of events) {
    if (event.kind !== 'hash') continue
    const owner = hexToBigInt(`0x${event.preimage.slice(2, 66)}`)
    const hashes = bases.get(owner) ?? []
    hashes.push(hexToBigInt(keccak256(event.preimage)))
    bases.set(owner, hashes)
  }
  return (slot, address) => {
    const number = hexToBigInt(slot)
    const owner = hexToBigInt(address)
    if (number === owner) return true
    return (bases.get(owner) ?? []).some((base) => BigInt.asUintN(256, number - base) <= associatedSlots)
  }
}
