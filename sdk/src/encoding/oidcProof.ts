import type { Hex } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor } from './cursor.ts'

/** What a sign-in says in its approval, read back from it; nothing of it has been verified. */
export type StatedSignIn = {
  /** Members of the token's header. */
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** The issuer's key. */
  readonly key: Hex
}

const subject = 'proof of a sign-in'

/**
 * Reads an approval by a sign-in.
 *
 * @param isPinned - The guardian names the issuer's keys itself, so that the approval lists them.
 * @throws {EncodingError} when it is no approval by a sign-in.
 * @see SPEC §10, OidcRecoveryValidator
 */
export function readOidcProof(signature: Hex, isPinned: boolean): StatedSignIn {
  const cursor = createCursor(signature, subject)
  cursor.take(32)
  for (let audiences = cursor.number(1); audiences > 0; audiences -= 1) cursor.take(cursor.number(1))
  const header = readObject(cursor.take(cursor.number(2)))
  const claims = readObject(cursor.take(cursor.number(2)))
  if (isPinned) cursor.take(cursor.number(1) * 32)
  // The signature is as long as the key: a modulus, or two coordinates.
  return { header, claims, key: cursor.hex(cursor.remaining / 2) }
}

function readObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {}
  throw new EncodingError(subject, 'its token is no token')
}
