import type { Range } from './ast.ts'

/** Text that stands in place of a range, made from what stands in parts of it after all other edits. */
export interface Edit extends Range {
  /** Of two edits of the same range the one with the lower layer is outside. */
  readonly layer: number
  readonly write: (inside: (part: Range) => string) => string
}

/** The source with all edits made; they may be nested but not overlap in part. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || b.end - a.end || a.layer - b.layer)
  return render(source, { start: 0, end: source.length }, ordered)
}

function render(source: string, range: Range, ordered: readonly Edit[]): string {
  let out = ''
  let pos = range.start
  let next = 0
  while (next < ordered.length) {
    const edit = ordered[next] as Edit
    next += 1
    const firstInside = next
    while (next < ordered.length && (ordered[next] as Edit).start < edit.end) next += 1
    const inner = ordered.slice(firstInside, next)
    if (inner.some(({ end }) => end > edit.end)) throw new RangeError(`Edits overlap at ${edit.end}.`)
    const inside = (part: Range): string =>
      render(
        source,
        part,
        inner.filter(({ start, end }) => part.start <= start && end <= part.end),
      )
    out += source.slice(pos, edit.start) + edit.write(inside)
    pos = edit.end
  }
  return out + source.slice(pos, range.end)
}
