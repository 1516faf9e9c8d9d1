import { bytesToHex, concat, type Hex, size, stringToHex } from 'viem'
import { createCursor, expectSize, toBytes, uint } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { WebAuthnResponseError } from '../errors/webauthn.ts'
import { parseClientData } from './clientData.ts'
import { type CompactClientData, splitClientData } from './compactClientData.ts'
import { type CredentialRecord, credentialFlags, expectFlags, toOriginHash } from './credential.ts'
import { maxMerkleDepth } from './merkle.ts'
import { expectOnCurve } from './publicKey.ts'
import { type Signature, toLowS } from './signature.ts'

/** What an authenticator answered to a challenge. */
export type Assertion = {
  readonly authenticatorData: Hex
  readonly clientDataJSON: string
  readonly signature: Signature
}

/** The index of blobs that are checked against a commitment from elsewhere and not against a stored credential. */
export const statelessIndex = 63

/** What {@link encodeAssertion} packs. */
export type EncodeAssertionParameters = {
  /** The credential that signed. */
  credential: Pick<CredentialRecord, 'publicKey' | 'origins' | 'flags'>
  assertion: Assertion
  /** Place of the credential in the account, 0 to 31; without it the blob is stateless (63). */
  index?: number | undefined
  /** Siblings from the signed digest up to the Merkle root that was the subject of the challenge. */
  proof?: readonly Hex[] | undefined
}

const subject = 'assertion'
const compactAuthDataLength = 37
/** The greatest size of a blob, in bytes. */
export const maxBlobLength = 4_096

/**
 * Packs an assertion for the contracts, compactly when the browser wrote the client data in its usual order.
 *
 * The full form is used when the client data starts in any other way, when authenticator data carries extensions, and
 * for origins of 128 bytes.
 *
 * @throws {WebAuthnResponseError} when the assertion was made at another origin, or in a frame without permission.
 * @throws {EncodingError} when a part has the wrong size.
 * @example
 * const signature = encodeAssertion({ credential, assertion, index: 0 })
 * @see SPEC §3, Assertion blob
 */
export function encodeAssertion(parameters: EncodeAssertionParameters): Hex {
  const { credential, assertion, index = statelessIndex, proof } = parameters
  const { x, y } = expectOnCurve(credential.publicKey)
  const { r, s } = toLowS(assertion.signature)
  const clientData = parseClientData(assertion.clientDataJSON)
  const position = credential.origins.indexOf(clientData.origin)
  if (position === -1)
    throw new WebAuthnResponseError('origin', `"${clientData.origin}" is not an origin of the credential`)
  if (clientData.crossOrigin && !(expectFlags(credential.flags) & credentialFlags.crossOrigin))
    throw new WebAuthnResponseError('crossOrigin', 'the assertion was made in a cross-origin frame')

  const authData = toBytes(assertion.authenticatorData, 'authenticator data')
  const compact =
    authData.length === compactAuthDataLength ? splitClientData(assertion.clientDataJSON, clientData) : undefined
  const body = compact ? encodeCompact(assertion.authenticatorData, compact) : encodeFull(assertion)
  const head = expectIndex(index) | (compact ? 0 : 0x40) | (proof ? 0x80 : 0)
  const blob = concat([
    uint(head, 1, subject),
    uint(expectFlags(credential.flags) | ((credential.origins.length - 1) << 6), 1, 'list of origins'),
    ...[r, s, x, y].map((value) => uint(value, 32, subject)),
    encodeOtherOrigins(credential.origins, position),
    proof ? encodeProof(proof) : '0x',
    body,
  ])
  if (size(blob) > maxBlobLength)
    throw new EncodingError(subject, `it has ${size(blob)} bytes, more than ${maxBlobLength}`)
  return blob
}

/**
 * Returns the blob with another index, leaving the signature valid: the index is not part of what was signed.
 *
 * A first userOp is signed with a stateless blob; once the account is set up, the same assertion goes out with index 0.
 *
 * @param index - 0 to 31, or {@link statelessIndex}.
 * @throws {EncodingError} when blob or index are not valid.
 * @see SPEC §6, Genesis by address
 */
export function reframeAssertion(blob: Hex, index: number): Hex {
  const cursor = createCursor(blob, subject)
  const head = cursor.number(1)
  return concat([uint((head & 0xc0) | expectIndex(index), 1, subject), bytesToHex(cursor.rest())])
}

/** Refuses an index that is neither a place of a credential nor the stateless one. */
export function expectIndex(index: number): number {
  if (!Number.isInteger(index) || index < 0 || (index > 31 && index !== statelessIndex))
    throw new EncodingError(subject, `its index is ${index}, not 0 to 31 or ${statelessIndex}`)
  return index
}

function encodeOtherOrigins(origins: readonly string[], position: number): Hex {
  if (origins.length > 4) throw new EncodingError('list of origins', `it has ${origins.length} origins, not 1 to 4`)
  if (origins.length === 1) return '0x'
  return concat([...origins.filter((_, index) => index !== position).map(toOriginHash), uint(position, 1, subject)])
}

function encodeProof(proof: readonly Hex[]): Hex {
  if (proof.length > maxMerkleDepth) throw new EncodingError('Merkle proof', `it is deeper than ${maxMerkleDepth}`)
  return concat([uint(proof.length, 1, subject), ...proof.map((node) => expectSize(node, 32, 'Merkle proof'))])
}

function encodeCompact(authenticatorData: Hex, { origin, crossOrigin, rest }: CompactClientData): Hex {
  const bytes = stringToHex(origin)
  const length = (bytes.length - 2) / 2
  return concat([authenticatorData, uint(length | (crossOrigin ? 0x80 : 0), 1, subject), bytes, stringToHex(rest)])
}

function encodeFull({ authenticatorData, clientDataJSON }: Assertion): Hex {
  const length = (authenticatorData.length - 2) / 2
  if (length < compactAuthDataLength)
    throw new EncodingError('authenticator data', `it has ${length} bytes, fewer than 37`)
  // The contract's scan refuses escapes everywhere, since they let a key be written in two ways.
  if (/[\\\p{Cc}]/u.test(clientDataJSON))
    throw new EncodingError('client data', 'it has escapes, which the full form cannot carry')
  return concat([uint(length, 2, 'authenticator data'), authenticatorData, stringToHex(clientDataJSON)])
}
