import { concat, type Hex, keccak256 } from 'viem'
import { expectSize } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'

/** The greatest depth of a Merkle proof in an assertion blob; up to 256 digests share one prompt. */
export const maxMerkleDepth = 8

/** A Merkle tree over digests. */
export type MerkleTree = {
  readonly root: Hex
  /** For every digest, in the order given, the siblings on its way to the root. */
  readonly proofs: readonly (readonly Hex[])[]
}

/**
 * Builds the tree that lets one passkey prompt sign several digests, usually userOps on several chains.
 *
 * Pairs are hashed in ascending order; a node without a partner moves up unchanged.
 *
 * @param digests - 1 to 256 digests of 32 bytes; each already names its chain and account.
 * @throws {EncodingError} when there are too few or too many, or one has another size.
 * @example
 * const { root, proofs } = merkleTree([hashOnMainnet, hashOnBase])
 * const challenge = hashTypedData(multiChainTypedData({ passkeyValidator, root }))
 * @see SPEC §3, Challenge
 */
export function merkleTree(digests: readonly Hex[]): MerkleTree {
  if (digests.length === 0 || digests.length > 2 ** maxMerkleDepth)
    throw new EncodingError('Merkle tree', `it has ${digests.length} digests, not 1 to ${2 ** maxMerkleDepth}`)
  let level = digests.map((digest) => normalise(digest))
  let places = level.map((_, index) => index)
  const proofs: Hex[][] = level.map(() => [])
  while (level.length > 1) {
    for (const [leaf, place] of places.entries()) {
      const sibling = level[place ^ 1]
      if (sibling !== undefined) proofs[leaf]?.push(sibling)
    }
    level = parents(level)
    places = places.map((place) => place >> 1)
  }
  return { root: level[0] as Hex, proofs }
}

/**
 * Returns the root that a digest and its siblings lead to.
 *
 * @throws {EncodingError} when the proof is too deep or a node has another size.
 * @see SPEC §3, Challenge
 */
export function merkleRoot(digest: Hex, proof: readonly Hex[]): Hex {
  if (proof.length > maxMerkleDepth)
    throw new EncodingError('Merkle proof', `it is ${proof.length} deep, more than ${maxMerkleDepth}`)
  return proof.reduce<Hex>((node, sibling) => hashPair(node, normalise(sibling)), normalise(digest))
}

function parents(level: readonly Hex[]): Hex[] {
  const result: Hex[] = []
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index] as Hex, level[index + 1]]
    result.push(right === undefined ? left : hashPair(left, right))
  }
  return result
}

function hashPair(a: Hex, b: Hex): Hex {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]))
}

function normalise(digest: Hex): Hex {
  return expectSize(digest, 32, 'Merkle tree').toLowerCase() as Hex
}
