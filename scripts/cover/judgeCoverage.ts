import type { FileCoverage } from './lcov.ts'

/** Lines of one file that count as reached although the tool does not say so. */
export interface Unseen {
  readonly file: string
  /** The lines' exact text without the spaces around it. */
  readonly lines: readonly string[]
  readonly why: string
}

export interface CoverageResult {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Sources without code: interfaces, constants, types. */
const hasCode = (source: string) => /\bfunction\b[^;{]*\{/.test(source)

/**
 * One result for each contract with code: every line and branch is reached, or listed. A listed line that is reached, or
 * that the file does not have, is a failure too: the list says nothing but the truth.
 */
export function judgeCoverage(
  sources: ReadonlyMap<string, string>,
  measured: ReadonlyMap<string, FileCoverage>,
  unseen: readonly Unseen[],
): CoverageResult[] {
  return [...sources]
    .filter(([, source]) => hasCode(source))
    .map(([file, source]) => {
      const coverage = measured.get(file)
      if (!coverage) return { name: file, ok: false, detail: 'was not measured' }
      const listed = unseen.filter((entry) => entry.file === file).flatMap(({ lines }) => lines)
      return { name: file, ...judgeFile(source.split('\n'), coverage, new Set(listed)) }
    })
}

/**
 * The lines within assembly. The compiler's map from bytecode to source loses most of them in the build that forge needs,
 * so that they say nothing; what they do is broken on purpose by `pnpm prove:guards` and `pnpm mutate:contracts`.
 */
function assemblyLines(source: readonly string[]): Set<number> {
  const found = new Set<number>()
  let depth = 0
  source.forEach((text, index) => {
    if (depth > 0) {
      depth += count(text, '{') - count(text, '}')
      if (depth > 0) found.add(index + 1)
    } else if (/\bassembly\b.*\{/.test(text)) {
      depth = 1
    }
  })
  return found
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

function judgeFile(source: readonly string[], { lines, branches }: FileCoverage, listed: ReadonlySet<string>) {
  const textOf = (line: number) => (source[line - 1] ?? '').trim()
  const yul = assemblyLines(source)
  const unreached = [
    ...[...lines].filter(([, hits]) => hits === 0).map(([line]) => line),
    ...branches.filter(({ taken }) => taken === 0).map(({ line }) => line),
  ]
  const missed = unreached.filter((line) => !yul.has(line))
  const blind = new Set(unreached.filter((line) => yul.has(line))).size
  const open = missed.filter((line) => !listed.has(textOf(line)))
  const stale = [...listed].filter((text) => !missed.some((line) => textOf(line) === text))
  const problems = [
    ...[...new Set(open)].map((line) => `line ${line} "${textOf(line)}" is not reached, or not in every way`),
    ...stale.map((text) => `"${text}" is listed as unseen and is seen, or not in the file`),
  ]
  const unseen = [
    ...(blind > 0 ? [`${blind} in assembly, which the tool does not see`] : []),
    ...(listed.size > 0 ? [`${listed.size} listed as unseen`] : []),
  ]
  const detail = [`${lines.size} lines, ${branches.length} branches`, ...unseen].join('; ')
  return problems.length > 0 ? { ok: false, detail: problems.join('; ') } : { ok: true, detail }
}
