import { EncodingError } from '../errors/encoding.ts'

/** A value of the subset of CBOR that WebAuthn uses. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap
/** A CBOR map; a `Map`, so that no key can reach a prototype. */
export type CborMap = ReadonlyMap<number | string, CborValue>

const maxDepth = 8
const maxItems = 1_024
const subject = 'CBOR'

type State = { readonly bytes: Uint8Array; offset: number; items: number }

/**
 * Decodes the one CBOR item at the start of `bytes` and says where it ends.
 *
 * Accepts what CTAP2 allows authenticators to send: definite lengths in their shortest form, maps keyed by integers or
 * text without duplicates, no tags, no floats. Depth is limited to 8 and the number of items to 1,024, and no length is
 * believed beyond the bytes that are there, so hostile input fails at once. The order of map keys is not checked.
 *
 * @throws {EncodingError} when the bytes are anything else.
 */
export function decodeCborItem(bytes: Uint8Array): { value: CborValue; length: number } {
  const state: State = { bytes, offset: 0, items: 0 }
  return { value: readItem(state, 0), length: state.offset }
}

/**
 * Decodes bytes that are exactly one CBOR item.
 *
 * @throws {EncodingError} as {@link decodeCborItem}, and when bytes follow the item.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const { value, length } = decodeCborItem(bytes)
  if (length !== bytes.length) throw new EncodingError(subject, `${bytes.length - length} bytes follow its end`)
  return value
}

function readItem(state: State, depth: number): CborValue {
  if (depth > maxDepth) throw new EncodingError(subject, `it is nested deeper than ${maxDepth}`)
  state.items += 1
  if (state.items > maxItems) throw new EncodingError(subject, `it has more than ${maxItems} items`)
  const head = take(state, 1)[0] ?? 0
  const major = head >> 5
  const info = head & 31
  if (major === 7) return readSimple(info)
  const argument = readArgument(state, info)
  switch (major) {
    case 0:
      return argument
    case 1:
      return -1 - argument
    case 2:
      return take(state, argument)
    case 3:
      return readText(take(state, argument))
    case 4:
      return readArray(state, argument, depth)
    case 5:
      return readMap(state, argument, depth)
    default:
      throw new EncodingError(subject, 'it contains a tag')
  }
}

function readSimple(info: number): CborValue {
  if (info === 20) return false
  if (info === 21) return true
  if (info === 22) return null
  throw new EncodingError(subject, 'it contains a float or an unknown simple value')
}

function readArgument(state: State, info: number): number {
  if (info < 24) return info
  if (info > 27) throw new EncodingError(subject, 'it contains an indefinite or reserved length')
  const size = 2 ** (info - 24)
  const value = take(state, size).reduce((sum, byte) => sum * 256 + byte, 0)
  const least = info === 24 ? 24 : 2 ** (4 * size)
  if (value < least) throw new EncodingError(subject, 'it contains a number that is not in its shortest form')
  if (value >= Number.MAX_SAFE_INTEGER) throw new EncodingError(subject, 'it contains a number that is too large')
  return value
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new EncodingError(subject, 'it contains text that is not UTF-8')
  }
}

function readArray(state: State, length: number, depth: number): CborValue[] {
  expectRoom(state, length)
  const values: CborValue[] = []
  for (let index = 0; index < length; index++) values.push(readItem(state, depth + 1))
  return values
}

function readMap(state: State, length: number, depth: number): CborMap {
  expectRoom(state, length * 2)
  const map = new Map<number | string, CborValue>()
  for (let index = 0; index < length; index++) {
    const key = readItem(state, depth + 1)
    if (typeof key !== 'number' && typeof key !== 'string')
      throw new EncodingError(subject, 'it contains a map key that is neither an integer nor text')
    if (map.has(key)) throw new EncodingError(subject, 'it contains a map with the same key twice')
    map.set(key, readItem(state, depth + 1))
  }
  return map
}

/** Every item takes a byte at least, so a count beyond the bytes left is refused before anything is read. */
function expectRoom(state: State, items: number): void {
  if (items > state.bytes.length - state.offset) throw new EncodingError(subject, 'it ends too early')
}

function take(state: State, length: number): Uint8Array {
  expectRoom(state, length)
  state.offset += length
  return state.bytes.subarray(state.offset - length, state.offset)
}
