import { bytesToBigInt } from 'viem'
import { createCursor } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'
import { n } from './p256.ts'

/** An ECDSA signature over P-256. */
export type Signature = { readonly r: bigint; readonly s: bigint }

const subject = 'signature'

/**
 * Reads a DER signature as authenticators send it and brings `s` into the lower half, as the contracts require.
 *
 * @throws {EncodingError} when the bytes are not strict DER, or `r` or `s` is not in `1 … n − 1`.
 * @example
 * const { r, s } = parseSignature(new Uint8Array(response.signature))
 * @see SPEC §3, Checked
 */
export function parseSignature(der: Uint8Array): Signature {
  const outer = createCursor(der, subject)
  if (outer.number(1) !== 0x30) throw new EncodingError(subject, 'it is not a DER sequence')
  const length = outer.number(1)
  if (length > 70 || length !== outer.remaining) throw new EncodingError(subject, 'its DER length is wrong')
  const r = readInteger(outer.take)
  const s = readInteger(outer.take)
  outer.end()
  return toLowS({ r, s })
}

/**
 * Returns the same signature with `s ≤ n / 2`; both forms verify, only this one is accepted on chain.
 *
 * @throws {EncodingError} when `r` or `s` is not in `1 … n − 1`.
 */
export function toLowS({ r, s }: Signature): Signature {
  if (r <= 0n || s <= 0n || r >= n || s >= n) throw new EncodingError(subject, 'r or s is out of range')
  return { r, s: s > n / 2n ? n - s : s }
}

function readInteger(take: (length: number) => Uint8Array): bigint {
  if (take(1)[0] !== 0x02) throw new EncodingError(subject, 'it is not made of two DER integers')
  const bytes = take(take(1)[0] ?? 0)
  const [first, second] = bytes
  if (first === undefined || first >= 0x80) throw new EncodingError(subject, 'a DER integer is empty or negative')
  if (first === 0 && second !== undefined && second < 0x80) throw new EncodingError(subject, 'a DER integer is padded')
  return bytesToBigInt(bytes)
}
