import { bytesToHex, type Hex } from 'viem'
import { createCursor } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { type CborMap, decodeCbor, decodeCborItem } from './cbor.ts'
import type { PublicKey } from './p256.ts'
import { fromCose } from './publicKey.ts'

/** The flags of authenticator data by the names of the standard. */
export type AuthenticatorFlags = {
  readonly userPresent: boolean
  readonly userVerified: boolean
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

/** A credential as the authenticator attested it at registration. */
export type AttestedCredential = {
  readonly aaguid: Hex
  readonly credentialId: Uint8Array
  readonly publicKey: PublicKey
}

/** Authenticator data, taken apart. */
export type AuthenticatorData = {
  readonly rpIdHash: Hex
  readonly flags: AuthenticatorFlags
  /** Number of signatures, or 0; synced passkeys do not count. */
  readonly signCount: number
  readonly attestedCredential: AttestedCredential | undefined
  readonly extensions: CborMap | undefined
}

const subject = 'authenticator data'

/**
 * Takes authenticator data apart: 37 bytes, then the attested credential and the extensions if their flags are set.
 *
 * It checks the format alone; what the values must be is checked by the ceremonies and by the contracts.
 *
 * @throws {EncodingError} when bytes are missing, left over, or not well-formed CBOR.
 * @throws {InvalidPublicKeyError} when the attested key is not a P-256 key on the curve.
 * @see WebAuthn Level 3, §6.1
 */
export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  const cursor = createCursor(bytes, subject)
  const rpIdHash = cursor.hex(32)
  const bits = cursor.number(1)
  const signCount = cursor.number(4)
  const rest = cursor.rest()
  const attested = bits & 0x40 ? readAttested(rest) : undefined
  const tail = rest.subarray(attested?.length ?? 0)
  return {
    rpIdHash,
    flags: {
      userPresent: (bits & 0x01) !== 0,
      userVerified: (bits & 0x04) !== 0,
      backupEligible: (bits & 0x08) !== 0,
      backedUp: (bits & 0x10) !== 0,
    },
    signCount,
    attestedCredential: attested?.credential,
    extensions: readExtensions(tail, (bits & 0x80) !== 0),
  }
}

function readAttested(bytes: Uint8Array): { credential: AttestedCredential; length: number } {
  const cursor = createCursor(bytes, subject)
  const aaguid = bytesToHex(cursor.take(16))
  const idLength = cursor.number(2)
  // Level 3, §4: a credential id has at most 1,023 bytes.
  if (idLength > 1_023) throw new EncodingError(subject, `the credential id has ${idLength} bytes, more than 1,023`)
  const credentialId = cursor.take(idLength)
  const key = decodeCborItem(cursor.rest())
  return { credential: { aaguid, credentialId, publicKey: fromCose(key.value) }, length: 18 + idLength + key.length }
}

function readExtensions(bytes: Uint8Array, isPresent: boolean): CborMap | undefined {
  if (!isPresent) {
    if (bytes.length > 0) throw new EncodingError(subject, `${bytes.length} bytes follow its end`)
    return undefined
  }
  const extensions = decodeCbor(bytes)
  if (!(extensions instanceof Map)) throw new EncodingError(subject, 'the extensions are not a map')
  return extensions
}
