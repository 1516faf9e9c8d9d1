import { sha256 } from '@noble/hashes/sha2.js'
import { InvalidCodeError } from '../errors/codes.ts'
import { EncodingError } from '../errors/encoding.ts'
import { wipe } from '../secrets/secretKey.ts'
import { addParity, findNearby, isCodeword, symbolCount } from './checksum.ts'

/** Crockford's base 32: no I, L, O and U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupSize = 5
const version = 1

/** Bytes of chance in a code. */
export const secretBytes = 16

/** What a code says. */
export type CodeContent = {
  /** Place in its set, 0 to 15. */
  readonly index: number
  /** 16 bytes. */
  readonly secret: Uint8Array
}

/**
 * Writes a code: six groups of five characters.
 *
 * version(4 bits) ‖ index(4) ‖ secret(128) ‖ check(4) as 28 symbols, and two of parity.
 *
 * @throws {EncodingError} when the secret has not 128 bits, or the index does not fit.
 */
export function formatCode({ index, secret }: CodeContent): string {
  if (secret.length !== secretBytes)
    throw new EncodingError('recovery code', `its secret has ${secret.length} bytes instead of ${secretBytes}`)
  if (!Number.isInteger(index) || index < 0 || index > 15)
    throw new EncodingError('recovery code', 'its place is not 0 to 15')
  const bytes = Uint8Array.of((version << 4) | index, ...secret, 0)
  bytes[17] = checkOf(bytes) << 4
  // 144 bits, of which the last four are no part of the 28 symbols.
  const data = Array.from({ length: 28 }, (_, place) => readBits(bytes, place * 5))
  wipe(bytes)
  const text = addParity(data)
    .map((symbol) => alphabet[symbol])
    .join('')
  return splitGroups(text).join('-')
}

/**
 * Reads a code as people type it: in any case, with O for 0 and I or L for 1, with whatever between the groups, with the
 * number that the sheet has before it.
 *
 * @throws {InvalidCodeError} naming the group that is wrong, where that can be told. Nothing of the text is in it.
 */
export function readCode(text: string): CodeContent {
  const characters = normaliseCode(text)
  if (characters.length !== symbolCount) throw new InvalidCodeError('length', [], characters.length)
  const symbols = [...characters].map((character) => alphabet.indexOf(character))
  const unknown = symbols.flatMap((symbol, place) => (symbol < 0 ? [place] : []))
  if (unknown.length > 0) throw new InvalidCodeError('character', groupsOf(unknown))
  const bytes = isCodeword(symbols) ? packBits(symbols) : undefined
  if (!bytes || !isChecked(bytes)) {
    const nearby = findNearby(symbols).filter((one) => isChecked(packBits(one.symbols)))
    throw new InvalidCodeError('checksum', groupsOf(nearby.flatMap(({ places }) => places)))
  }
  const [head = 0] = bytes
  if (head >> 4 !== version) throw new InvalidCodeError('version')
  const secret = bytes.slice(1, 17)
  wipe(bytes)
  return { index: head & 15, secret }
}

/** Upper case, without separators and the sheet's numbers, the characters that look alike as one. */
export function normaliseCode(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^\s*\d{1,2}\s*[.):]\s*/, '')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}_.,:·]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
}

function splitGroups(text: string): string[] {
  return Array.from({ length: symbolCount / groupSize }, (_, group) =>
    text.slice(group * groupSize, (group + 1) * groupSize),
  )
}

function groupsOf(places: readonly number[]): number[] {
  const groups = new Set(places.map((place) => Math.floor(place / groupSize) + 1))
  return [...groups].toSorted((a, b) => a - b)
}

/** The five bits from here on. */
function readBits(bytes: Uint8Array, offset: number): number {
  const place = offset >> 3
  const word = ((bytes[place] ?? 0) << 8) | (bytes[place + 1] ?? 0)
  return (word >> (11 - (offset & 7))) & 31
}

/** The 28 symbols before parity as 17 bytes and, in the upper half of one more, the check. */
function packBits(symbols: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(18)
  for (const [place, symbol] of symbols.slice(0, 28).entries())
    for (let bit = 0; bit < 5; bit++) {
      const offset = place * 5 + bit
      if ((symbol >> (4 - bit)) & 1) bytes[offset >> 3] = (bytes[offset >> 3] ?? 0) | (128 >> (offset & 7))
    }
  return bytes
}

function isChecked(bytes: Uint8Array): boolean {
  return (bytes[17] ?? 0) >> 4 === checkOf(bytes)
}

/** Four bits over version, index and secret. */
function checkOf(bytes: Uint8Array): number {
  return (sha256(bytes.subarray(0, 17))[0] ?? 0) >> 4
}
