import { passkeyTypedData } from '@rekey/sdk'
import { encodeAssertion, merkleTree } from '@rekey/sdk/webauthn'
import fc from 'fast-check'
import {
  type Address,
  bytesToHex,
  concat,
  type Hex,
  hashTypedData,
  hexToBytes,
  keccak256,
  numberToHex,
  size,
  slice,
} from 'viem'
import { createPasskey, origin } from '../../../scripts/gen/vectors/passkey.ts'

/** A blob, what it is about, and whose it is. */
export type Judged = { readonly hash: Hex; readonly commitment: Hex; readonly blob: Hex }

/** Good blobs of every form: compact and full, alone and Merkle, of one and of three origins, in a frame. */
export async function makeGoodBlobs(passkeyValidator: Address, hash: Hex): Promise<readonly Judged[]> {
  const others = ['https://app.example.com', 'https://other.example']
  const passkeys = [
    await createPasskey('fuzz'),
    await createPasskey('fuzz', { hasExtraKey: true }),
    await createPasskey('fuzz', { origins: [origin, ...others] }),
  ]
  const digests = [keccak256(hash), hash, keccak256(keccak256(hash))]
  const { root, proofs } = merkleTree(digests)
  const rootChallenge = hashTypedData(passkeyTypedData(passkeyValidator, 'MultiChain', { root }))
  const made: Judged[] = []
  for (const passkey of passkeys)
    for (const putsChallengeFirst of [false, true])
      for (const proof of [undefined, proofs[1]]) {
        const assertion = await passkey.ask(proof ? rootChallenge : hash, { putsChallengeFirst })
        const blob = encodeAssertion({ credential: passkey.credential, assertion, proof })
        made.push({ hash, commitment: passkey.commitment, blob })
      }
  const framed = await createPasskey('fuzz', { flags: 3 })
  const assertion = await framed.ask(hash, { topOrigin: 'https://shop.example', addsExtension: true })
  const blob = encodeAssertion({ credential: framed.credential, assertion })
  return [...made, { hash, commitment: framed.commitment, blob }]
}

/** What is done to a blob, or to what it is about. */
export type Mutation = (good: Judged) => Judged

const flip = (bytes: Hex, bit: number): Hex => {
  const place = (bit >> 3) % size(bytes)
  const all = hexToBytes(bytes)
  return bytesToHex(all.with(place, (all[place] ?? 0) ^ (1 << (bit & 7))))
}

const onBlob =
  (change: (blob: Hex) => Hex): Mutation =>
  (good) => ({ ...good, blob: change(good.blob) })

const any = fc.nat({ max: 2 ** 20 })
const junk = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => bytesToHex(bytes))

/** Changes after which no blob is good, each with the number of its row where it has one. */
export const mutations: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
  '[43] one bit of the blob flipped': any.map((bit) => onBlob((blob) => flip(blob, bit))),
  '[43] one bit of the hash flipped': any.map((bit) => (good) => ({ ...good, hash: flip(good.hash, bit) })),
  '[43] one bit of the commitment flipped': any.map((bit) => (good) => ({
    ...good,
    commitment: flip(good.commitment, bit),
  })),
  '[34] cut off': any.map((length) => onBlob((blob) => slice(blob, 0, length % size(blob)))),
  '[34] extended': junk.map((tail) => onBlob((blob) => concat([blob, tail]))),
  'bytes put in': fc
    .tuple(any, junk)
    .map(([at, bytes]) =>
      onBlob((blob) =>
        concat([slice(blob, 0, 1 + (at % (size(blob) - 1))), bytes, slice(blob, 1 + (at % (size(blob) - 1)))]),
      ),
    ),
  'a byte taken out': any.map((at) =>
    onBlob((blob) => {
      const bytes = hexToBytes(blob)
      const place = at % bytes.length
      return bytesToHex(Uint8Array.of(...bytes.slice(0, place), ...bytes.slice(place + 1)))
    }),
  ),
  'framed as another form': fc
    .constantFrom(0x40, 0x80, 0xc0)
    .map((bits) =>
      onBlob((blob) => concat([numberToHex(Number(slice(blob, 0, 1)) ^ bits, { size: 1 }), slice(blob, 1)])),
    ),
}
