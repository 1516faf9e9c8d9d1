/** A value the test kit can write as CBOR. */
export type Encodable =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly Encodable[]
  | ReadonlyMap<number | string, Encodable>

/** Writes CBOR as CTAP2 wants it, except for the order of map keys, which stays as given. */
export function encodeCbor(value: Encodable): Uint8Array {
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    return join([head(3, text.length), text])
  }
  if (value instanceof Uint8Array) return join([head(2, value.length), value])
  if (isMap(value))
    return join([head(5, value.size), ...[...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)])])
  return join([head(4, value.length), ...value.map(encodeCbor)])
}

/** Puts byte strings one after another. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

function isMap(value: Encodable): value is ReadonlyMap<number | string, Encodable> {
  return value instanceof Map
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of((major << 5) | argument)
  const size = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4
  const bytes = new Uint8Array(1 + size)
  bytes[0] = (major << 5) | (24 + Math.log2(size))
  for (let index = size; index > 0; index--, argument = Math.floor(argument / 256)) bytes[index] = argument % 256
  return bytes
}
