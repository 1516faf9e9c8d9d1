import { bytesToHex, concat, type Hex } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor } from './cursor.ts'

/** Validators that check owner messages. */
export type OwnerValidator = 'passkey' | 'signer'

const prefixes = { passkey: '0x00', signer: '0x01' } as const

/**
 * Frames the signature of an owner message with the byte that selects its validator.
 *
 * @param signature - An assertion blob for `passkey`, a signer's signature for `signer`.
 * @example
 * const ownerSignature = frameOwnerSignature('passkey', encodeAssertion({ credential, assertion, index: 0 }))
 * @see SPEC §1, Owner messages
 */
export function frameOwnerSignature(validator: OwnerValidator, signature: Hex): Hex {
  return concat([prefixes[validator], signature])
}

/**
 * Takes the frame off again.
 *
 * @throws {EncodingError} when the first byte selects no validator.
 */
export function unframeOwnerSignature(framed: Hex): { validator: OwnerValidator; signature: Hex } {
  const cursor = createCursor(framed, 'owner signature')
  const selector = cursor.number(1)
  if (selector > 1) throw new EncodingError('owner signature', `its first byte is ${selector}`)
  return { validator: selector === 0 ? 'passkey' : 'signer', signature: bytesToHex(cursor.rest()) }
}
