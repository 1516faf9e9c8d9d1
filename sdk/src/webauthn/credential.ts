import { concat, type Hex, keccak256, sha256, stringToBytes, zeroHash } from 'viem'
import type { Credential } from '../encoding/credential.ts'
import { expectSize, toBytes, uint } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import type { PublicKey } from './p256.ts'
import { expectOnCurve } from './publicKey.ts'

/** A credential with everything a client must keep to sign with it; nothing in it is secret. */
export type CredentialRecord = {
  /** The credential id. */
  readonly id: Hex
  readonly publicKey: PublicKey
  readonly rpId: string
  /** The one to four origins that may use the credential, in the order in which they were registered. */
  readonly origins: readonly string[]
  /** Rules for assertions: {@link credentialFlags} added up. */
  readonly flags: number
}

/** The rules a credential can carry. */
export const credentialFlags = {
  /** Every assertion must have been made with user verification. */
  userVerification: 1,
  /** Assertions made inside a cross-origin frame are accepted. */
  crossOrigin: 2,
} as const

const maxOrigins = 4
const maxOriginLength = 128

/**
 * Returns the credential that the contracts store a commitment to.
 *
 * @throws {InvalidPublicKeyError} when the key is not on the curve.
 * @throws {EncodingError} when origins, flags, relying party or id could not be registered.
 * @example
 * const credential = toCredential(registration.credential)
 * const commitment = credentialCommitment(credential)
 * @see SPEC §3, Credential
 */
export function toCredential(record: CredentialRecord): Credential {
  const { x, y } = expectOnCurve(record.publicKey)
  if (record.rpId === '') throw new EncodingError('credential', 'its relying party id is empty')
  const id = toBytes(record.id, 'credential id')
  if (id.length === 0 || id.length > 1_023) throw new EncodingError('credential', `its id has ${id.length} bytes`)
  return {
    x,
    y,
    rpIdHash: toRpIdHash(record.rpId),
    originsHash: toOriginsHash(record.origins.map(toOriginHash)),
    flags: expectFlags(record.flags),
    idHash: keccak256(id),
  }
}

/**
 * Returns the 32-byte commitment to key, relying party, origins and rules; the id is not part of it.
 *
 * @throws {EncodingError} when a field has the wrong size or is zero.
 * @see SPEC §3, Credential
 */
export function credentialCommitment(credential: Omit<Credential, 'idHash'>): Hex {
  for (const hash of [credential.rpIdHash, credential.originsHash])
    if (expectSize(hash, 32, 'credential') === zeroHash) throw new EncodingError('credential', 'a hash in it is zero')
  return keccak256(
    concat([
      uint(credential.x, 32, 'credential'),
      uint(credential.y, 32, 'credential'),
      credential.rpIdHash,
      credential.originsHash,
      uint(expectFlags(credential.flags), 1, 'credential'),
    ]),
  )
}

/** Returns SHA-256 of a relying party id, as authenticators put it into authenticator data. */
export function toRpIdHash(rpId: string): Hex {
  return sha256(stringToBytes(rpId))
}

/**
 * Returns keccak256 of an origin.
 *
 * @throws {EncodingError} when the origin is empty or longer than 128 bytes.
 */
export function toOriginHash(origin: string): Hex {
  const bytes = stringToBytes(origin)
  if (bytes.length === 0 || bytes.length > maxOriginLength)
    throw new EncodingError('origin', `it has ${bytes.length} bytes, not 1 to ${maxOriginLength}`)
  return keccak256(bytes)
}

/**
 * Returns the hash over the hashes of one to four origins, in the order given.
 *
 * @throws {EncodingError} when there are none, more than four, or the same one twice.
 */
export function toOriginsHash(originHashes: readonly Hex[]): Hex {
  if (originHashes.length === 0 || originHashes.length > maxOrigins)
    throw new EncodingError('list of origins', `it has ${originHashes.length} origins, not 1 to ${maxOrigins}`)
  if (new Set(originHashes).size !== originHashes.length)
    throw new EncodingError('list of origins', 'it has an origin twice')
  return keccak256(concat(originHashes.map((hash) => expectSize(hash, 32, 'origin hash'))))
}

/** Refuses flags that no contract knows. */
export function expectFlags(flags: number): number {
  if (!Number.isInteger(flags) || flags < 0 || flags > 3) throw new EncodingError('credential', 'it has unknown flags')
  return flags
}

/** Views any buffer a browser may hand out as bytes. */
export function toUint8Array(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer)
}
