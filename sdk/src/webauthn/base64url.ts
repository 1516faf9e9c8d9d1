import { EncodingError } from '../errors/encoding.ts'

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Decodes base64url without padding, in its canonical form alone.
 *
 * @throws {EncodingError} for other characters, padding, or bits that belong to no byte.
 */
export function fromBase64Url(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1)
    throw new EncodingError('base64url text', 'it has other characters or a wrong length')
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  if (toBase64Url(bytes) !== text) throw new EncodingError('base64url text', 'bits are left over')
  return bytes
}
