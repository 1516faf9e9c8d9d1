import { bytesToHex, concat, type Hex, hexToBytes, size, slice } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor, expectSize, uint } from './cursor.ts'
import { findOidcParts, oidcType } from './notes.ts'
import type { Policy } from './policy.ts'

/** What it takes besides a sign-in to approve as an identity: all but who it is. */
export type OidcNote = {
  /** The identity's hash. */
  readonly identity: Hex
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly salt: Hex
  /** Hashes of the issuer's keys, if they are pinned. */
  readonly keys?: readonly Hex[] | undefined
}

const subject = 'note of a sign-in'
/** What fits a signer of 256 bytes besides what else is in it. */
const bytesPerNote = 228

/** Packs the note of an identity; it may take several parts. */
export function encodeOidcNotes({ identity, issuer, audiences, salt, keys = [] }: OidcNote): Hex[] {
  const text = (value: string): Hex => {
    const bytes = new TextEncoder().encode(value)
    return concat([uint(bytes.length, 1, subject), bytesToHex(bytes)])
  }
  const content = concat([
    expectSize(salt, 32, subject),
    text(issuer),
    uint(audiences.length, 1, subject),
    ...audiences.map(text),
    uint(keys.length, 1, subject),
    ...keys.map((key) => expectSize(key, 32, subject)),
  ])
  const bytes = hexToBytes(content)
  const parts: Hex[] = []
  for (let at = 0; at < bytes.length; at += bytesPerNote) {
    const part = bytesToHex(bytes.subarray(at, at + bytesPerNote))
    parts.push(concat([oidcType, slice(identity, 0, 4), uint(parts.length, 1, subject), part]))
  }
  return parts
}

/** Finds the note of an identity by its hash; `undefined` when there is none, or it is damaged. */
export function findOidcNote(policy: Pick<Policy, 'notes'>, identity: Hex): OidcNote | undefined {
  const parts = findOidcParts(policy, identity).filter((part) => size(part) > 6)
  if (parts.length === 0) return undefined
  const cursor = createCursor(concat(parts.map((part) => slice(part, 6))), subject)
  const text = () => new TextDecoder().decode(cursor.take(cursor.number(1)))
  const list = <item>(read: () => item) => Array.from({ length: cursor.number(1) }, read)
  try {
    const salt = cursor.hex(32)
    const note = { identity, salt, issuer: text(), audiences: list(text) }
    const keys = list(() => cursor.hex(32))
    cursor.end()
    return keys.length > 0 ? { ...note, keys } : note
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}
