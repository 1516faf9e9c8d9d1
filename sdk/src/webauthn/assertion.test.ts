import fc from 'fast-check'
import { concat, type Hex, keccak256, slice, stringToHex, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { createTestPasskey, testOrigin, testRpId } from '../testing/fixtures.ts'
import { type Assertion, encodeAssertion, reframeAssertion } from './assertion.ts'
import { credentialCommitment, toCredential } from './credential.ts'
import { decodeAssertion, signedClientData } from './decodeAssertion.ts'
import { getAssertion } from './getAssertion.ts'
import { merkleRoot, merkleTree } from './merkle.ts'
import { recoverPublicKey } from './recoverPublicKey.ts'
import { verifyAssertion } from './verifyAssertion.ts'

const challenge = keccak256(stringToHex('something to sign'))
const origins = ['https://one.example', testOrigin, 'https://three.example']

async function sign(
  options: {
    extraKeyShare?: number
    origins?: readonly string[]
    topOrigin?: string
    misbehaviour?: object
    seed?: string
  } = {},
) {
  const { device, created } = await createTestPasskey(options.seed ?? 'assertion', {
    extraKeyShare: options.extraKeyShare ?? 0,
    origins: options.origins ?? [testOrigin],
    allowsCrossOrigin: options.topOrigin !== undefined,
  })
  device.misbehave(options.misbehaviour)
  const { assertion } = await getAssertion({
    rpId: testRpId,
    challenge,
    origins: [testOrigin],
    allowsCrossOrigin: true,
    credentials: device.credentialsAt(testOrigin, { topOrigin: options.topOrigin }),
  })
  return { credential: created.credential, assertion }
}

const variants = {
  'compact, one origin': {},
  'compact, three origins': { origins },
  "compact, Chrome's extra key": { extraKeyShare: 1 },
  'compact, cross-origin frame': { topOrigin: 'https://top.example' },
  'full, challenge first': { misbehaviour: { putsChallengeFirst: true } },
  'full, extension data': { misbehaviour: { addsExtension: true }, origins },
} as const

describe.each(Object.entries(variants))('encodeAssertion, %s', (name, options) => {
  test.each([undefined, [], merkleTree([challenge, keccak256('0x01'), keccak256('0x02')]).proofs[0]])(
    'round trip with proof %#',
    async (proof) => {
      const { credential, assertion } = await sign(options)
      const decoded = decodeAssertion(encodeAssertion({ credential, assertion, index: 3, proof }))
      expect(decoded.form).toBe(name.slice(0, name.indexOf(',')))
      expect(decoded).toMatchObject({
        index: 3,
        flags: credential.flags,
        publicKey: credential.publicKey,
        signature: assertion.signature,
      })
      expect(decoded.proof).toEqual(proof)
      expect(decoded.authenticatorData).toBe(assertion.authenticatorData)
      expect(signedClientData(decoded, challenge)).toBe(assertion.clientDataJSON)
      expect(decoded.commitment).toBe(credentialCommitment(toCredential(credential)))
    },
  )

  test('[34] every cut and every byte more is refused', async () => {
    const blob = encodeAssertion({ ...(await sign(options)), proof: [keccak256('0x01')] })
    for (let end = 2; end < blob.length; end += 2)
      expect(() => decodeAssertion(blob.slice(0, end) as Hex), `${end / 2 - 1}`).toThrow()
    for (let extra = 0; extra < 256; extra++)
      expect(() => decodeAssertion(concat([blob, toHex(extra, { size: 1 })]))).toThrow()
  })
})

test('a compact blob with one origin has 154 bytes besides the origin and the rest', async () => {
  const blob = encodeAssertion(await sign())
  expect(blob.length / 2 - 1).toBe(1 + 1 + 128 + 37 + 1 + testOrigin.length + 1)
})

test('[27] another index leaves everything else as it was', async () => {
  const blob = encodeAssertion({ ...(await sign({ origins })), proof: [challenge] })
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 31, 63), (index) => {
      const { index: seen, ...rest } = decodeAssertion(reframeAssertion(blob, index))
      const { index: before, ...original } = decodeAssertion(blob)
      expect([seen, before]).toEqual([index, 63])
      expect(rest).toEqual(original)
    }),
  )
  for (const index of [-1, 32, 62, 64, 1.5, Number.NaN]) expect(() => reframeAssertion(blob, index)).toThrow(/index/)
})

test('[1] [3] a blob with high s, or r or s out of range, is refused', async () => {
  const blob = encodeAssertion(await sign())
  const withWord = (place: number, word: string): Hex =>
    `${blob.slice(0, 6 + place * 64)}${word}${blob.slice(6 + place * 64 + 64)}` as Hex
  for (const word of ['f'.repeat(64), '0'.repeat(64)])
    for (const place of [0, 1, 2, 3]) expect(() => decodeAssertion(withWord(place, word))).toThrow()
  expect(() => decodeAssertion(withWord(1, `8${'0'.repeat(63)}`))).toThrow(/upper half/)
})

test('[211] a blob whose proof is nine deep is refused', async () => {
  const blob = encodeAssertion({ ...(await sign()), proof: Array(8).fill(challenge) })
  const proofAt = 2 + 130 * 2
  const deeper = concat([slice(blob, 0, 130), '0x09', challenge, `0x${blob.slice(proofAt + 2)}`])
  expect(() => decodeAssertion(deeper)).toThrow(/9 deep/)
})

test('[22] an assertion from an origin the credential does not have is not packed', async () => {
  const { credential, assertion } = await sign()
  for (const origin of [`${testOrigin}:8443`, testOrigin.toUpperCase(), `${testOrigin}.`, 'http://auth.example.com'])
    expect(() => encodeAssertion({ credential: { ...credential, origins: [origin] }, assertion })).toThrow(/origin/)
})

test('[24] an assertion from a cross-origin frame is not packed without the rule', async () => {
  const { credential, assertion } = await sign({ topOrigin: 'https://top.example' })
  expect(() => encodeAssertion({ credential: { ...credential, flags: 1 }, assertion })).toThrow(/crossOrigin/)
})

test('escapes pass in the rest of a compact blob, not in a full one', async () => {
  const { credential, assertion } = await sign()
  const withKey = (json: string): Assertion => ({ ...assertion, clientDataJSON: json.replace('}', ',"x":"\\n"}') })
  expect(decodeAssertion(encodeAssertion({ credential, assertion: withKey(assertion.clientDataJSON) })).form).toBe(
    'compact',
  )
  const reordered = `{"a":1,${assertion.clientDataJSON.slice(1)}`
  expect(
    decodeAssertion(encodeAssertion({ credential, assertion: { ...assertion, clientDataJSON: reordered } })).form,
  ).toBe('full')
  expect(() => encodeAssertion({ credential, assertion: withKey(reordered) })).toThrow(/escapes/)
})

describe('merkleTree', () => {
  const digests = fc.uniqueArray(
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((value) => toHex(value, { size: 32 })),
    { minLength: 1, maxLength: 256 },
  )

  test('every digest leads to the root within eight steps', () => {
    fc.assert(
      fc.property(digests, (leaves) => {
        const { root, proofs } = merkleTree(leaves)
        for (const [index, leaf] of leaves.entries()) {
          expect(proofs[index]?.length).toBeLessThanOrEqual(8)
          expect(merkleRoot(leaf, proofs[index] ?? [])).toBe(root)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('[211] a digest that is not in the tree does not lead to the root', () => {
    const { root, proofs } = merkleTree([challenge, keccak256('0x01')])
    expect(merkleRoot(keccak256('0x02'), proofs[0] ?? [])).not.toBe(root)
  })

  test('[211] trees and proofs that are too large are refused', () => {
    expect(() => merkleTree([])).toThrow()
    expect(() => merkleTree(Array.from({ length: 257 }, (_, index) => toHex(index, { size: 32 })))).toThrow()
    expect(() => merkleRoot(challenge, Array(9).fill(challenge))).toThrow()
    expect(() => merkleTree(['0x12'])).toThrow()
  })
})

describe('recoverPublicKey', () => {
  test('two assertions give the key, one signed twice does not', async () => {
    const { device, created } = await createTestPasskey('recover')
    const ask = async (message: Hex) =>
      (
        await getAssertion({
          rpId: testRpId,
          challenge: message,
          origins: [testOrigin],
          credentials: device.credentialsAt(testOrigin),
        })
      ).assertion
    const [first, second] = [await ask(challenge), await ask(keccak256('0x02'))]
    expect(recoverPublicKey([first, second])).toEqual(created.credential.publicKey)
    expect(await verifyAssertion(created.credential.publicKey, first)).toBe(true)
    expect(await verifyAssertion(created.credential.publicKey, { ...second, signature: first.signature })).toBe(false)
    expect(() => recoverPublicKey([first, first])).toThrow(/same bytes/)
    const { assertion: stranger } = await sign({ seed: 'stranger' })
    expect(() => recoverPublicKey([first, stranger])).toThrow(/no key/)
  })
})
