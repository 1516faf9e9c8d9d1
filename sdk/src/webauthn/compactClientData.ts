import { type Hex, stringToBytes } from 'viem'
import { toBytes } from '../encoding/cursor.ts'
import { toBase64Url } from './base64url.ts'
import type { ClientData } from './clientData.ts'

/** What the compact form carries of client data; the contract writes the rest itself. */
export type CompactClientData = {
  readonly origin: string
  readonly crossOrigin: boolean
  /** Everything after the value of `crossOrigin`: `}`, or `,` and further keys. */
  readonly rest: string
}

const maxCompactOriginLength = 127

/**
 * Writes client data as browsers do: type, challenge, origin, crossOrigin, then the rest.
 *
 * @param challenge - The 32 bytes that were signed, as hex.
 * @see SPEC §3, compact; WebAuthn Level 3, §5.8.1.2 (limited verification)
 */
export function joinClientData(challenge: Hex, { origin, crossOrigin, rest }: CompactClientData): string {
  return write(toBase64Url(toBytes(challenge, 'challenge')), origin, crossOrigin) + rest
}

/** Returns what the compact form needs, or `undefined` when the text does not start the way browsers write it. */
export function splitClientData(
  json: string,
  { type, challenge, origin, crossOrigin }: ClientData,
): CompactClientData | undefined {
  const start = write(challenge, origin, crossOrigin)
  if (type !== 'webauthn.get' || !/^[\w-]{43}$/.test(challenge) || !json.startsWith(start)) return undefined
  const rest = json.slice(start.length)
  if (!/^[,}]/.test(rest) || stringToBytes(origin).length > maxCompactOriginLength) return undefined
  return { origin, crossOrigin, rest }
}

function write(challenge: string, origin: string, crossOrigin: boolean): string {
  return `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}","crossOrigin":${crossOrigin}`
}
