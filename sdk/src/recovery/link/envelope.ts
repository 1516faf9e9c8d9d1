import { bytesToHex, concat, type Hex, hexToBytes, keccak256, slice, stringToHex } from 'viem'
import { createCursor, uint } from '../../encoding/cursor.ts'
import { LinkDamagedError } from '../../errors/link.ts'
import { fromBase64Url, toBase64Url } from '../../webauthn/base64url.ts'

/** What travels between owners and guardians: the key in a link's fragment, and the byte that the bytes begin with. */
export const envelopes = {
  request: { key: 'request', mark: 1, subject: 'request for approval' },
  reply: { key: 'approval', mark: 2, subject: 'approval' },
} as const

type Envelope = (typeof envelopes)[keyof typeof envelopes]

const version = 1
const checksumBytes = 4

/** Writes bytes as text: version ‖ mark ‖ bytes ‖ checksum, base64url. The checksum finds mistakes; it proves nothing. */
export function seal({ mark, subject }: Envelope, payload: Hex): string {
  const bytes = concat([uint(version, 1, subject), uint(mark, 1, subject), payload])
  return toBase64Url(hexToBytes(concat([bytes, checksum(bytes)])))
}

/** Puts sealed text into the fragment of a page's address: it does not reach the page's server. */
export function toLink(page: string, { key }: Envelope, text: string): string {
  const url = new URL(page)
  url.hash = `${key}=${text}`
  return url.href
}

/**
 * Reads sealed text: bare, or at the end of a link, with or without space around it.
 *
 * @throws {LinkDamagedError} when it is something else, cut, changed by mistake, or of another version.
 */
export function open(envelope: Envelope, input: string): Hex {
  const { key, mark, subject } = envelope
  const refuse = (problem: string): never => {
    throw new LinkDamagedError(subject, problem)
  }
  const trimmed = input.trim()
  const start = trimmed.lastIndexOf(`${key}=`)
  const text = start === -1 ? trimmed : trimmed.slice(start + key.length + 1)
  if (!/^[\w-]+$/.test(text)) return refuse('it has other characters than such a text')
  const bytes = readBase64Url(text) ?? refuse('its last characters are missing or wrong')
  if (bytes.length < 2 + checksumBytes) return refuse('most of it is missing')
  const hex = bytesToHex(bytes)
  const body = slice(hex, 0, bytes.length - checksumBytes)
  if (slice(hex, bytes.length - checksumBytes) !== checksum(body)) return refuse('its checksum does not fit')
  const cursor = createCursor(body, subject)
  const [seenVersion, seenMark] = [cursor.number(1), cursor.number(1)]
  if (seenVersion !== version) return refuse(`its version is ${seenVersion}, not ${version}`)
  if (seenMark !== mark) return refuse('it is something else')
  return bytesToHex(cursor.rest())
}

function readBase64Url(text: string): Uint8Array | undefined {
  try {
    return fromBase64Url(text)
  } catch {
    // A length or last character that no bytes have.
    return undefined
  }
}

function checksum(bytes: Hex): Hex {
  return slice(keccak256(concat([stringToHex('Rekey link'), bytes])), 0, checksumBytes)
}
