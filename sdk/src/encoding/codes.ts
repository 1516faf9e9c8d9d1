import { type Address, concat, type Hex, keccak256, recoverAddress, slice } from 'viem'
import { sign } from 'viem/accounts'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor, expectSize, uint } from './cursor.ts'

/** The greatest number of recovery codes in a set. */
export const maxCodes = 16

/** A set of recovery codes as a guardian knows it: a Merkle tree over the addresses of the codes' keys. */
export type CodeSet = {
  /** What the guardian's signer holds after the address of RecoveryCodeVerifier: root ‖ count. */
  readonly key: Hex
  readonly root: Hex
  readonly count: number
  /** For every code, in the order given, the siblings on its way to the root. */
  readonly proofs: readonly (readonly Hex[])[]
}

/** What a code's signature consists of. */
export type CodeSignature = {
  /** Place of the code in its set, from 0. */
  readonly index: number
  /** r ‖ s ‖ v, 65 bytes, with low s and v 27 or 28. */
  readonly signature: Hex
  readonly proof: readonly Hex[]
}

const setSubject = 'set of recovery codes'
const keySubject = 'key of a set of recovery codes'
const signatureSubject = 'signature of a recovery code'
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Returns the leaf that stands for a code: keccak256(0x00 ‖ index ‖ address).
 *
 * @param index - Place of the code in its set, from 0.
 * @param address - Address of the code's secp256k1 key.
 * @throws {EncodingError} when the index or the address does not fit.
 * @see SPEC §10, RecoveryCodeVerifier
 */
export function codeLeaf(index: number, address: Address): Hex {
  if (index >= maxCodes) throw new EncodingError(setSubject, `there is no code ${index}`)
  return keccak256(concat(['0x00', uint(index, 1, setSubject), expectSize(address, 20, 'address of a recovery code')]))
}

/**
 * Builds the tree over a set of codes.
 *
 * Pairs hash to keccak256(0x01 ‖ lower ‖ higher); a node without a partner moves up unchanged.
 *
 * @param addresses - Addresses of 1 to 16 different codes' keys; a code's index is its place in the list.
 * @throws {EncodingError} when there are too few or too many, one is there twice, or one has another size.
 * @example
 * const { key, proofs } = codeSet(privateKeys.map(privateKeyToAddress))
 * const signer = concat([contracts.recoveryCodeVerifier, key])
 * @see SPEC §10, RecoveryCodeVerifier
 */
export function codeSet(addresses: readonly Address[]): CodeSet {
  const count = addresses.length
  checkCount(count, setSubject)
  let level = addresses.map((address, index) => codeLeaf(index, address))
  const twice = addresses.findIndex((address, index) => addresses.slice(0, index).some((one) => isSame(one, address)))
  if (twice >= 0) throw new EncodingError(setSubject, `code ${twice} is there twice`)

  const proofs: Hex[][] = level.map(() => [])
  for (let height = 0; level.length > 1; height += 1) {
    for (const [index, proof] of proofs.entries()) {
      const sibling = level[(index >> height) ^ 1]
      if (sibling !== undefined) proof.push(sibling)
    }
    level = parents(level)
  }
  const root = level[0] as Hex
  return { key: encodeCodeKey({ root, count }), root, count, proofs }
}

/**
 * Packs root and number of codes: root(32) ‖ count(1).
 *
 * @throws {EncodingError} when the root has another size or there are not 1 to 16 codes.
 * @see SPEC §10, RecoveryCodeVerifier
 */
export function encodeCodeKey({ root, count }: Pick<CodeSet, 'root' | 'count'>): Hex {
  checkCount(count, keySubject)
  return concat([expectSize(root, 32, 'root of a set of recovery codes'), uint(count, 1, keySubject)])
}

/**
 * Reads what {@link encodeCodeKey} packed.
 *
 * @throws {EncodingError} when bytes are cut or extended, or there are not 1 to 16 codes.
 */
export function decodeCodeKey(key: Hex): Pick<CodeSet, 'root' | 'count'> {
  const cursor = createCursor(key, keySubject)
  const root = cursor.hex(32)
  const count = cursor.number(1)
  cursor.end()
  checkCount(count, keySubject)
  return { root, count }
}

/**
 * Returns how many siblings lead from a code to the root of its set: one for every level where its node has a partner.
 *
 * @throws {EncodingError} when the set has no such code.
 */
export function codeProofLength(index: number, count: number): number {
  checkCount(count, setSubject)
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new EncodingError(setSubject, `there is no code ${index}`)
  let length = 0
  for (let [place, width] = [index, count]; width > 1; place >>= 1, width = (width + 1) >> 1) {
    if ((place ^ 1) < width) length += 1
  }
  return length
}

/**
 * Packs a code's signature: index(1) ‖ r ‖ s ‖ v ‖ siblings.
 *
 * @throws {EncodingError} when a part has another size.
 * @see SPEC §10, RecoveryCodeVerifier
 */
export function encodeCodeSignature({ index, signature, proof }: CodeSignature): Hex {
  return concat([
    uint(index, 1, signatureSubject),
    expectSize(signature, 65, signatureSubject),
    ...proof.map((sibling) => expectSize(sibling, 32, 'proof of a recovery code')),
  ])
}

/**
 * Reads what {@link encodeCodeSignature} packed.
 *
 * @param count - Number of codes in the set; it says how many siblings there must be.
 * @throws {EncodingError} when bytes are cut or extended, or the set has no such code.
 */
export function decodeCodeSignature(bytes: Hex, count: number): CodeSignature {
  const cursor = createCursor(bytes, signatureSubject)
  const index = cursor.number(1)
  const signature = cursor.hex(65)
  const proof = Array.from({ length: codeProofLength(index, count) }, () => cursor.hex(32))
  cursor.end()
  return { index, signature, proof }
}

/**
 * Signs a digest with a code.
 *
 * @param privateKey - The code's secp256k1 key.
 * @param index - Place of the code in its set, from 0.
 * @param hash - Usually the digest of a recovery: a code serves that one, and is spent with it.
 * @example
 * const signature = await signWithCode({ privateKey, index: 3, set, hash: recoveryDigest })
 * const approvals = encodeApprovals([{ index: guardianIndex, signature }])
 * @throws {EncodingError} when the set has no such code.
 * @see SPEC §10, RecoveryCodeVerifier
 */
export async function signWithCode(parameters: {
  readonly privateKey: Hex
  readonly index: number
  readonly set: Pick<CodeSet, 'proofs'>
  readonly hash: Hex
}): Promise<Hex> {
  const { privateKey, index, set, hash } = parameters
  const proof = set.proofs[index]
  if (!proof) throw new EncodingError(setSubject, `there is no code ${index}`)
  return encodeCodeSignature({ index, signature: await sign({ hash, privateKey, to: 'hex' }), proof })
}

/**
 * Tells whether a code of the set signed a digest, as RecoveryCodeVerifier would; whether it is spent is another
 * question, which only a chain answers.
 *
 * @param key - Key of the set, see {@link encodeCodeKey}.
 */
export async function isCodeSignature(key: Hex, hash: Hex, signature: Hex): Promise<boolean> {
  try {
    const { root, count } = decodeCodeKey(key)
    const { index, signature: ecdsa, proof } = decodeCodeSignature(signature, count)
    if (BigInt(slice(ecdsa, 32, 64)) > halfOrder || !['0x1b', '0x1c'].includes(slice(ecdsa, 64))) return false
    const leaf = codeLeaf(index, await recoverAddress({ hash, signature: ecdsa }))
    return proof.reduce(parent, leaf) === root
  } catch {
    // Not well-formed, or no key fits it.
    return false
  }
}

function checkCount(count: number, subject: string): void {
  if (!Number.isInteger(count) || count < 1 || count > maxCodes)
    throw new EncodingError(subject, `it has ${count} codes, not 1 to ${maxCodes}`)
}

function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function parents(level: readonly Hex[]): Hex[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, place) => {
    const [left, right] = [level[2 * place] as Hex, level[2 * place + 1]]
    return right === undefined ? left : parent(left, right)
  })
}

/** Both are lower-case hex of one length, so that their order is that of the numbers. */
function parent(a: Hex, b: Hex): Hex {
  return keccak256(a < b ? concat(['0x01', a, b]) : concat(['0x01', b, a]))
}
