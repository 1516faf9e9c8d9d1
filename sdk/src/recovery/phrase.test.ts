import fc from 'fast-check'
import { bytesToHex, hashTypedData, hexToBytes, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { type Recovery, recoveryTypedData } from '../encoding/typedData.ts'
import { recoveryPhrase } from './phrase.ts'

const contract = `0x${'c0'.repeat(20)}` as const
const word = (value: number | bigint) => toHex(value, { size: 32 })
const phraseOf = (recovery: Recovery) =>
  recoveryPhrase(hashTypedData(recoveryTypedData(contract, 'Recovery', recovery)))

const recovery: Recovery = {
  account: `0x${'a0'.repeat(20)}`,
  policy: word(1),
  credential: { x: 2n, y: 3n, rpIdHash: word(4), originsHash: word(5), flags: 1, idHash: word(6) },
  keep: 0,
  chainIds: [1n, 8453n],
  issuedAt: 1_700_000_000,
  deadline: 1_702_592_000,
}

test('is stable: people compare it across versions', () => {
  expect(recoveryPhrase(word(0))).toBe('acorn acorn acorn acorn')
  expect(recoveryPhrase(`0x000102ff${'11'.repeat(28)}`)).toBe('acorn actor album zebra')
  expect(recoveryPhrase(keccak256('0x01'))).toBe('elbow scarf violin ghost')
  expect(phraseOf(recovery)).toBe('ferry maple panda jasmine')
})

test('has a word of its own for each byte: four bytes can be told from four words', () => {
  const words = Array.from({ length: 256 }, (_, byte) =>
    recoveryPhrase(`0x${toHex(byte, { size: 1 }).slice(2).repeat(32)}`),
  )
  expect(new Set(words).size).toBe(256)
  for (const phrase of words) expect(phrase).toMatch(/^([a-z]{3,8})( \1){3}$/)
})

test('differs when any field of the recovery does', () => {
  const changes: Partial<Recovery>[] = [
    { account: `0x${'a1'.repeat(20)}` },
    { policy: word(2) },
    ...(['x', 'y'] as const).map((key) => ({ credential: { ...recovery.credential, [key]: 9n } })),
    ...(['rpIdHash', 'originsHash', 'idHash'] as const).map((key) => ({
      credential: { ...recovery.credential, [key]: word(9) },
    })),
    { credential: { ...recovery.credential, flags: 0 } },
    { keep: 1 },
    { chainIds: [] },
    { chainIds: [1n] },
    { issuedAt: recovery.issuedAt + 1 },
    { deadline: recovery.deadline + 1 },
  ]
  const phrases = [{}, ...changes].map((change) => phraseOf({ ...recovery, ...change }))
  expect(new Set(phrases).size).toBe(phrases.length)
})

test('depends on the first four bytes of the digest and on nothing else', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const same = Uint8Array.from(one, (byte, at) => (at < 4 ? byte : (other[at] ?? 0)))
      expect(recoveryPhrase(bytesToHex(same))).toBe(recoveryPhrase(bytesToHex(one)))
    }),
  )
  fc.assert(
    fc.property(bytes, fc.nat({ max: 3 }), fc.integer({ min: 1, max: 255 }), (digest, at, change) => {
      const changed = hexToBytes(bytesToHex(digest))
      changed[at] = (changed[at] ?? 0) ^ change
      expect(recoveryPhrase(bytesToHex(changed))).not.toBe(recoveryPhrase(bytesToHex(digest)))
    }),
  )
})

test('a digest of another size is refused', () => {
  for (const digest of ['0x', '0x12345678', `${word(1)}00`] as const)
    expect(() => recoveryPhrase(digest)).toThrow(expect.objectContaining({ code: 'ENCODING_INVALID' }))
})
