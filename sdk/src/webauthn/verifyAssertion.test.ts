import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { bytesToHex, sha256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Assertion } from './assertion.ts'
import { n, type PublicKey, p } from './p256.ts'
import { signedBytes, verifyAssertion } from './verifyAssertion.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const content = fc.record({
  authenticatorData: bytes(37).map((value) => bytesToHex(value)),
  clientDataJSON: fc.string({ maxLength: 200, unit: 'grapheme' }),
})

/** A key of this seed and its signature over the content, with low s. */
function sign(
  seed: Uint8Array,
  unsigned: Omit<Assertion, 'signature'>,
): { publicKey: PublicKey; assertion: Assertion } {
  const secret = p256.utils.randomSecretKey(seed)
  const { x, y } = p256.Point.fromBytes(p256.getPublicKey(secret)).toAffine()
  const hash = sha256(signedBytes({ ...unsigned, signature: { r: 0n, s: 0n } }), 'bytes')
  const { r, s } = p256.Signature.fromBytes(p256.sign(hash, secret, { prehash: false, lowS: true }))
  return { publicKey: { x, y }, assertion: { ...unsigned, signature: { r, s } } }
}

/** The same question to another implementation. */
function verifyWithNoble({ x, y }: PublicKey, assertion: Assertion): boolean {
  try {
    const { r, s } = assertion.signature
    const key = p256.Point.fromAffine({ x, y }).toBytes(false)
    const signature = new p256.Signature(r, s).toBytes('compact')
    return p256.verify(signature, sha256(signedBytes(assertion), 'bytes'), key, { prehash: false, lowS: true })
  } catch {
    return false
  }
}

describe('verifyAssertion', () => {
  test('takes what a key signed, whatever the content', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(48), content, async (seed, unsigned) => {
        const { publicKey, assertion } = sign(seed, unsigned)
        expect(await verifyAssertion(publicKey, assertion)).toBe(true)
        expect(verifyWithNoble(publicKey, assertion)).toBe(true)
      }),
    )
  })

  const seed = new Uint8Array(48).fill(7)
  const { publicKey, assertion } = sign(seed, { authenticatorData: `0x${'12'.repeat(37)}`, clientDataJSON: '{"a":1}' })
  const { r, s } = assertion.signature
  const other = sign(seed.with(0, 8), assertion)

  test.each<[string, PublicKey, Assertion]>([
    ['another key', other.publicKey, assertion],
    ['another signature', publicKey, other.assertion],
    ['other authenticator data', publicKey, { ...assertion, authenticatorData: `0x${'13'.repeat(37)}` }],
    ['other client data', publicKey, { ...assertion, clientDataJSON: '{"a":2}' }],
    ['[2] high s', publicKey, { ...assertion, signature: { r, s: n - s } }],
    ['r of zero', publicKey, { ...assertion, signature: { r: 0n, s } }],
    ['s of zero', publicKey, { ...assertion, signature: { r, s: 0n } }],
    ['negative r', publicKey, { ...assertion, signature: { r: -r, s } }],
    ['r beyond the order', publicKey, { ...assertion, signature: { r: r + n, s } }],
    ['r of 33 bytes', publicKey, { ...assertion, signature: { r: 2n ** 256n, s } }],
    ['a key off the curve', { x: publicKey.x, y: publicKey.y + 1n }, assertion],
    ['the point at infinity', { x: 0n, y: 0n }, assertion],
    ['a coordinate beyond the field', { x: publicKey.x + p, y: publicKey.y }, assertion],
  ])('refuses %s', async (_, key, changed) => {
    expect(await verifyAssertion(key, changed)).toBe(false)
  })

  test('agrees with another implementation on changed signatures', async () => {
    const small = fc.bigInt({ min: 0n, max: n })
    await fc.assert(
      fc.asyncProperty(fc.oneof(small, fc.constant(r)), fc.oneof(small, fc.constant(s)), async (changedR, changedS) => {
        const changed = { ...assertion, signature: { r: changedR, s: changedS } }
        expect(await verifyAssertion(publicKey, changed)).toBe(verifyWithNoble(publicKey, changed))
      }),
    )
  })
})
