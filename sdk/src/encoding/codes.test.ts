import fc from 'fast-check'
import { type Address, concat, getAddress, type Hex, keccak256, size, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import {
  codeLeaf,
  codeProofLength,
  codeSet,
  decodeCodeKey,
  decodeCodeSignature,
  encodeCodeKey,
  encodeCodeSignature,
  isCodeSignature,
  maxCodes,
  signWithCode,
} from './codes.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((value) => toHex(value))
const privateKeys = Array.from({ length: maxCodes }, (_, index) => keccak256(toHex(index)))
const addresses = privateKeys.map(privateKeyToAddress)
const hash = keccak256('0x01')
const malformed = expect.objectContaining({ name: 'Encoding.EncodingError' })

describe('the tree', () => {
  test('of one code is its leaf', () => {
    const [address] = addresses as [Address]
    const leaf = keccak256(concat(['0x0000', address]))
    expect(codeLeaf(0, address)).toBe(leaf)
    expect(codeSet([address])).toEqual({ root: leaf, count: 1, key: concat([leaf, '0x01']), proofs: [[]] })
  })

  test('of three codes lifts the third', () => {
    const [a, b, c] = addresses.map((address, index) => codeLeaf(index, address)) as [Hex, Hex, Hex]
    const node = (x: Hex, y: Hex) => keccak256(x < y ? concat(['0x01', x, y]) : concat(['0x01', y, x]))
    const { root, proofs } = codeSet(addresses.slice(0, 3))
    expect(root).toBe(node(node(a, b), c))
    expect(proofs).toEqual([[b, c], [a, c], [node(a, b)]])
  })

  test.each([
    [1, [0]],
    [2, [1, 1]],
    [3, [2, 2, 1]],
    [5, [3, 3, 3, 3, 1]],
    [7, [3, 3, 3, 3, 3, 3, 2]],
    [10, [4, 4, 4, 4, 4, 4, 4, 4, 2, 2]],
    [16, Array(16).fill(4)],
  ])('of %i codes has as many siblings as levels with a partner', (count, lengths) => {
    const { proofs } = codeSet(addresses.slice(0, count))
    expect(proofs.map((proof) => proof.length)).toEqual(lengths)
    expect(proofs.map((_, index) => codeProofLength(index, count))).toEqual(lengths)
  })

  test('does not depend on the case of addresses, but on their order', () => {
    const lower = addresses.map((address) => address.toLowerCase() as Address)
    expect(codeSet(lower)).toEqual(codeSet(lower.map((address) => getAddress(address))))
    expect(codeSet(addresses.toReversed()).root).not.toBe(codeSet(addresses).root)
  })

  test('refuses no codes, 17 codes, a code twice, and what is no address', () => {
    expect(() => codeSet([])).toThrow(malformed)
    expect(() => codeSet([...addresses, `0x${'11'.repeat(20)}`])).toThrow(malformed)
    const [first] = addresses as [Address]
    expect(() => codeSet([first, first.toLowerCase() as Address])).toThrow('code 1 is there twice')
    expect(() => codeSet(['0x11'])).toThrow(malformed)
    expect(() => codeLeaf(16, first)).toThrow(malformed)
    expect(() => codeProofLength(3, 3)).toThrow(malformed)
    expect(() => codeProofLength(-1, 3)).toThrow(malformed)
    expect(() => codeProofLength(0.5, 3)).toThrow(malformed)
  })
})

describe('bytes', () => {
  test('keys come back as they went, and nothing else is one', () => {
    fc.assert(
      fc.property(bytes(32), fc.integer({ min: 1, max: 16 }), (root, count) => {
        const key = encodeCodeKey({ root, count })
        expect(size(key)).toBe(33)
        expect(decodeCodeKey(key)).toEqual({ root, count })
        expect(() => decodeCodeKey(concat([key, '0x00']))).toThrow(malformed)
      }),
    )
    for (const count of ['0x00', '0x11', '0xff'] as const)
      expect(() => decodeCodeKey(concat([hash, count]))).toThrow(malformed)
    expect(() => decodeCodeKey(hash)).toThrow(malformed)
    expect(() => encodeCodeKey({ root: hash, count: 17 })).toThrow(malformed)
    expect(() => encodeCodeKey({ root: '0x00', count: 1 })).toThrow(malformed)
  })

  test('signatures come back as they went, and of one length only', async () => {
    const set = codeSet(addresses.slice(0, 10))
    for (const [index, privateKey] of privateKeys.slice(0, 10).entries()) {
      const signature = await signWithCode({ privateKey, index, set, hash })
      expect(size(signature)).toBe(66 + 32 * codeProofLength(index, 10))
      const decoded = decodeCodeSignature(signature, 10)
      expect(decoded).toMatchObject({ index, proof: set.proofs[index] })
      expect(encodeCodeSignature(decoded)).toBe(signature)
      expect(() => decodeCodeSignature(concat([signature, '0x00']), 10)).toThrow(malformed)
      expect(() => decodeCodeSignature(signature.slice(0, -2) as Hex, 10)).toThrow(malformed)
    }
    const [privateKey] = privateKeys as [Hex]
    await expect(signWithCode({ privateKey, index: 10, set, hash })).rejects.toThrow(malformed)
    expect(() => encodeCodeSignature({ index: 0, signature: '0x00', proof: [] })).toThrow(malformed)
    const signature: Hex = `0x${'00'.repeat(65)}`
    expect(() => encodeCodeSignature({ index: 0, signature, proof: ['0x00'] })).toThrow(malformed)
  })
})

test('[130] a code signs one digest for its own set', async () => {
  const set = codeSet(addresses)
  const [privateKey, other] = privateKeys as [Hex, Hex]
  const signature = await signWithCode({ privateKey, index: 0, set, hash })
  expect(await isCodeSignature(set.key, hash, signature)).toBe(true)
  expect(await isCodeSignature(set.key, keccak256(hash), signature)).toBe(false)
  expect(await isCodeSignature(codeSet(addresses.slice(0, 9)).key, hash, signature)).toBe(false)
  const byOther = await signWithCode({ privateKey: other, index: 0, set, hash })
  expect(await isCodeSignature(set.key, hash, byOther)).toBe(false)
})
