/**
 * Length of `input` after FastLZ level 1, by which OP-stack chains price data.
 *
 * Literal runs of up to 32 bytes cost one byte more than they hold; matches of 3 to 264 bytes at most 8,192 back cost
 * two or three bytes.
 */
export function compressedLength(input: Uint8Array): number {
  const table = new Map<number, number>()
  const at = (index: number): number => input[index] ?? 0
  const hash = (index: number): number => at(index) | (at(index + 1) << 8) | (at(index + 2) << 16)
  const literals = (count: number): number => count + Math.ceil(count / 32)
  const end = input.length - 4
  let length = 0
  let anchor = 0
  let position = 2
  while (position < end - 9) {
    const key = hash(position)
    const candidate = table.get(key)
    table.set(key, position)
    if (candidate === undefined || position - candidate > 8_191) {
      position += 1
      continue
    }
    length += literals(position - anchor)
    let match = 3
    while (match < 264 && position + match < end && at(candidate + match) === at(position + match)) match += 1
    length += match - 2 < 7 ? 2 : 3
    position += match
    table.set(hash(position - 2), position - 2)
    table.set(hash(position - 1), position - 1)
    anchor = position
  }
  return length + literals(input.length - anchor)
}
