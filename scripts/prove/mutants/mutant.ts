import { type AstNode, type Range, rangeOf } from './ast.ts'
import type { Edit } from './edits.ts'

/** How a mutant differs from the source, as the report names it. */
export type Operator =
  | 'always true'
  | 'always false'
  | 'boundary'
  | 'other operator'
  | 'one more'
  | 'removed'
  | 'returns zero'
  | 'negated'

/** Outside to inside: what the edits of one range are wrapped in. */
const layers: readonly Operator[] = [
  'removed',
  'returns zero',
  'always true',
  'always false',
  'negated',
  'boundary',
  'other operator',
  'one more',
]

/** Text of a place that is broken under the switch with this number and as it was otherwise. */
export type Write = (number: number, inside: (part: Range) => string) => string

/** One way to break the contracts. */
export interface Mutant extends Range {
  /** From 1, in the order of the target's files and of each file; a switch of `block.coinbase`. */
  readonly number: number
  readonly operator: Operator
  readonly file: string
  readonly line: number
  /** The code that is broken, on one line. */
  readonly text: string
  /** The line where it begins, without the spaces around it. */
  readonly lineText: string
  readonly isRefused: boolean
  readonly write: Write
}

/** A mutant without its number and where it stands in the text. */
export interface Candidate {
  readonly operator: Operator
  readonly node: AstNode
  /** The next such character after the node is replaced too: solc counts the semicolon to no statement. */
  readonly endsBehind?: string
  /** Known not to compile, where solc would not say which mutant is at fault. */
  readonly isRefused?: boolean
  readonly write: Write
}

/** Bytes as characters: positions of solc count bytes. */
export function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function asText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Numbers the candidates of one file in the order of its text; `bytes` is its source. */
export function numberCandidates(
  file: string,
  bytes: string,
  candidates: readonly Candidate[],
  firstNumber: number,
): Mutant[] {
  const placed = candidates.map((candidate) => ({ ...candidate, ...rangeIn(bytes, candidate) }))
  placed.sort((a, b) => a.start - b.start || b.end - a.end || layers.indexOf(a.operator) - layers.indexOf(b.operator))
  return placed.map(({ operator, start, end, isRefused = false, write }, index) => {
    const range = { start, end }
    const before = bytes.slice(0, range.start)
    const lineStart = before.lastIndexOf('\n') + 1
    const lineEnd = bytes.indexOf('\n', range.start)
    return {
      ...range,
      number: firstNumber + index,
      operator,
      file,
      line: before.split('\n').length,
      text: asText(bytes.slice(range.start, range.end)).replaceAll(/\s+/g, ' '),
      lineText: asText(bytes.slice(lineStart, lineEnd === -1 ? undefined : lineEnd)).trim(),
      isRefused,
      write,
    }
  })
}

function rangeIn(bytes: string, { node, endsBehind }: Candidate): Range {
  const { start, end } = rangeOf(node)
  return { start, end: endsBehind === undefined ? end : bytes.indexOf(endsBehind, end) + 1 }
}

export function editOf(mutant: Mutant): Edit {
  const { start, end, number, operator, write } = mutant
  return { start, end, layer: layers.indexOf(operator), write: (inside) => write(number, inside) }
}
