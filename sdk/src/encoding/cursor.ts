import { bytesToBigInt, bytesToHex, type Hex, hexToBytes, isHex } from 'viem'
import { EncodingError } from '../errors/encoding.ts'

/** Reads packed bytes from front to back and refuses to read past the end. */
export type Cursor = {
  /** Returns the next `length` bytes. */
  take(length: number): Uint8Array
  /** Returns the next `length` bytes as hex. */
  hex(length: number): Hex
  /** Returns the next `length` (at most 6) bytes as a big-endian number. */
  number(length: number): number
  /** Returns the next 32 bytes as a big-endian integer. */
  word(): bigint
  /** Returns everything that is left. */
  rest(): Uint8Array
  /** Number of bytes that are left. */
  readonly remaining: number
  /** Refuses bytes after the last field. */
  end(): void
}

/**
 * Opens bytes for reading.
 *
 * @param subject - What the bytes are, for error messages.
 * @throws {EncodingError} from any of its functions, when fewer bytes are left than asked for.
 */
export function createCursor(input: Uint8Array | Hex, subject: string): Cursor {
  const bytes = typeof input === 'string' ? toBytes(input, subject) : input
  let offset = 0
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset)
      throw new EncodingError(
        subject,
        `it ends at byte ${bytes.length}, but ${length} more bytes belong after byte ${offset}`,
      )
    offset += length
    return bytes.subarray(offset - length, offset)
  }
  return {
    take,
    hex: (length) => bytesToHex(take(length)),
    number: (length) => take(length).reduce((value, byte) => value * 256 + byte, 0),
    word: () => bytesToBigInt(take(32)),
    rest: () => take(bytes.length - offset),
    get remaining() {
      return bytes.length - offset
    },
    end() {
      if (offset !== bytes.length) throw new EncodingError(subject, `${bytes.length - offset} bytes follow its end`)
    },
  }
}

/** Turns hex into bytes and refuses half bytes and anything that is not hex. */
export function toBytes(hex: Hex, subject: string): Uint8Array {
  if (!isHex(hex) || hex.length % 2 !== 0) throw new EncodingError(subject, 'it is not hexadecimal')
  return hexToBytes(hex)
}

/** Returns hex after checking that it has exactly `size` bytes. */
export function expectSize(hex: Hex, size: number, subject: string): Hex {
  const actual = toBytes(hex, subject).length
  if (actual !== size) throw new EncodingError(subject, `it has ${actual} bytes instead of ${size}`)
  return hex
}

/**
 * Writes an unsigned integer of `bytes` bytes, big-endian.
 *
 * @throws {EncodingError} when the value is not a whole number or does not fit.
 */
export function uint(value: number | bigint, bytes: number, subject: string): Hex {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new EncodingError(subject, 'it is not a whole number')
  const integer = BigInt(value)
  if (integer < 0n || integer >> BigInt(bytes * 8) !== 0n)
    throw new EncodingError(subject, `it does not fit ${bytes} bytes`)
  return `0x${integer.toString(16).padStart(bytes * 2, '0')}`
}
