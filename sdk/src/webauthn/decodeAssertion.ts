import { type Hex, zeroHash } from 'viem'
import { type Cursor, createCursor } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { expectIndex, maxBlobLength } from './assertion.ts'
import { type ClientData, decodeUtf8, parseClientData } from './clientData.ts'
import { type CompactClientData, joinClientData, splitClientData } from './compactClientData.ts'
import { credentialCommitment, expectFlags, toOriginHash, toOriginsHash } from './credential.ts'
import { maxMerkleDepth } from './merkle.ts'
import type { PublicKey } from './p256.ts'
import { expectOnCurve } from './publicKey.ts'
import { type Signature, toLowS } from './signature.ts'

/** An assertion blob, taken apart. */
export type DecodedAssertion = {
  readonly index: number
  readonly flags: number
  readonly signature: Signature
  readonly publicKey: PublicKey
  /** Hashes of all origins of the credential, in order. */
  readonly originHashes: readonly Hex[]
  /** The Merkle proof, or `undefined` when the blob has no Merkle part. */
  readonly proof: readonly Hex[] | undefined
  readonly authenticatorData: Hex
  /** The commitment of the credential that the blob claims. */
  readonly commitment: Hex
} & (
  | { readonly form: 'compact'; readonly clientData: CompactClientData }
  | { readonly form: 'full'; readonly clientDataJSON: string }
)

const subject = 'assertion'

/**
 * Takes an assertion blob apart and refuses every blob that is not exactly one.
 *
 * It checks the layout, not the signature.
 *
 * @throws {EncodingError} when the blob is cut, extended, or in no canonical form.
 * @throws {InvalidPublicKeyError} when its key is not on the curve.
 * @see SPEC §3, Assertion blob
 */
export function decodeAssertion(blob: Hex): DecodedAssertion {
  const cursor = createCursor(blob, subject)
  if (cursor.remaining > maxBlobLength)
    throw new EncodingError(subject, `it has ${cursor.remaining} bytes, more than ${maxBlobLength}`)
  const head = cursor.number(1)
  const index = expectIndex(head & 0x3f)
  const flagByte = cursor.number(1)
  const flags = expectFlags(flagByte & 0x3f)
  const signature = readSignature(cursor)
  const publicKey = expectOnCurve({ x: cursor.word(), y: cursor.word() })
  const origins = readOtherOrigins(cursor, flagByte >> 6)
  const proof = head & 0x80 ? readProof(cursor) : undefined
  const authenticatorData = head & 0x40 ? readLongAuthenticatorData(cursor) : cursor.hex(37)
  const body = head & 0x40 ? readFull(cursor) : readCompact(cursor)

  const used = body.form === 'full' ? parseClientData(body.clientDataJSON).origin : body.clientData.origin
  const originHashes = origins.others.toSpliced(origins.position, 0, toOriginHash(used))
  const commitment = credentialCommitment({
    ...publicKey,
    rpIdHash: `0x${authenticatorData.slice(2, 66)}`,
    originsHash: toOriginsHash(originHashes),
    flags,
  })
  return { index, flags, signature, publicKey, originHashes, proof, authenticatorData, commitment, ...body }
}

/**
 * Returns the client data that was signed.
 *
 * @param challenge - The 32 bytes that were signed; the compact form does not carry them.
 * @throws {EncodingError} when the challenge is not hexadecimal.
 */
export function signedClientData(decoded: DecodedAssertion, challenge: Hex): string {
  return decoded.form === 'full' ? decoded.clientDataJSON : joinClientData(challenge, decoded.clientData)
}

function readSignature(cursor: Cursor): Signature {
  const signature = { r: cursor.word(), s: cursor.word() }
  if (toLowS(signature).s !== signature.s) throw new EncodingError('signature', 's is in the upper half')
  return signature
}

function readOtherOrigins(cursor: Cursor, count: number): { others: Hex[]; position: number } {
  if (count === 0) return { others: [], position: 0 }
  const others = Array.from({ length: count }, () => cursor.hex(32))
  const position = cursor.number(1)
  if (position > count) throw new EncodingError(subject, `it uses origin ${position + 1} of ${count + 1}`)
  return { others, position }
}

function readProof(cursor: Cursor): Hex[] {
  const depth = cursor.number(1)
  if (depth > maxMerkleDepth)
    throw new EncodingError('Merkle proof', `it is ${depth} deep, more than ${maxMerkleDepth}`)
  return Array.from({ length: depth }, () => cursor.hex(32))
}

function readLongAuthenticatorData(cursor: Cursor): Hex {
  const length = cursor.number(2)
  if (length < 37) throw new EncodingError('authenticator data', `it has ${length} bytes, fewer than 37`)
  return cursor.hex(length)
}

function readFull(cursor: Cursor): { form: 'full'; clientDataJSON: string } {
  const clientDataJSON = decodeUtf8(cursor.rest())
  const { type } = parseClientData(clientDataJSON)
  if (type !== 'webauthn.get') throw new EncodingError(subject, 'its client data is not of an assertion')
  if (clientDataJSON.includes('\\'))
    throw new EncodingError('client data', 'it has escapes, which the full form cannot carry')
  return { form: 'full', clientDataJSON }
}

function readCompact(cursor: Cursor): { form: 'compact'; clientData: CompactClientData } {
  const length = cursor.number(1)
  const origin = decodeUtf8(cursor.take(length & 0x7f))
  const clientData = { origin, crossOrigin: length >= 0x80, rest: decodeUtf8(cursor.rest()) }
  // Any challenge will do: the text is rebuilt only to see that it is client data and that nothing follows it.
  const json = joinClientData(zeroHash, clientData)
  const parsed: ClientData = parseClientData(json)
  if (splitClientData(json, parsed)?.rest !== clientData.rest)
    throw new EncodingError(subject, 'its client data has no compact form')
  return { form: 'compact', clientData }
}
