import type { Explanation } from './explanations.ts'
import { matchExplanations } from './explanations.ts'
import type { MutationResult } from './results.ts'
import type { MutationTarget } from './targets.data.ts'

/** What the mutants of one target came to. */
export interface TargetSummary {
  readonly target: MutationTarget
  readonly mutants: number
  readonly killed: number
  /** Of the killed: those that ran out of gas or time. */
  readonly endless: number
  /** Not run to the end. */
  readonly undecided: number
  readonly survivors: readonly { readonly result: MutationResult; readonly why: string | undefined }[]
  readonly stale: readonly Explanation[]
}

export const LEAST_SCORE = 0.95

/** @param mutants How many the target has. */
export function summarize(
  target: MutationTarget,
  results: readonly MutationResult[],
  mutants: number,
  explanations: readonly Explanation[],
): TargetSummary {
  const own = explanations.filter(({ file }) => target.files.includes(file))
  const isSurvivor = ({ outcome }: MutationResult): boolean => outcome === 'survived'
  const { whyOf, stale } = matchExplanations(own, results, isSurvivor)
  const survivors = results.filter(isSurvivor)
  return {
    target,
    mutants,
    killed: results.length - survivors.length,
    endless: results.filter(({ outcome }) => outcome === 'endless').length,
    undecided: mutants - results.length,
    survivors: survivors.map((result) => ({ result, why: whyOf.get(result) })),
    stale,
  }
}

/** Killed of all, those included that nothing could kill and those that are not decided. */
export function scoreOf({ mutants, killed }: TargetSummary): number {
  return mutants === 0 ? 0 : killed / mutants
}

/** In words, what keeps the target from passing. */
export function problemsOf(summary: TargetSummary): string[] {
  const { target, survivors, stale, undecided } = summary
  const isTooLow = scoreOf(summary) < LEAST_SCORE
  return [
    ...(isTooLow ? [`${target.name}: ${percent(scoreOf(summary))} killed, ${percent(LEAST_SCORE)} wanted`] : []),
    ...(undecided > 0 ? [`${target.name}: ${undecided} not run to the end`] : []),
    ...survivors
      .filter(({ why }) => why === undefined)
      .map(({ result }) => `SURVIVED ${result.file}:${result.line} ${result.operator}: ${result.text}`),
    ...stale.map(({ file, operator, text }) => `EXPLAINED BUT NOT A SURVIVOR ${file} ${operator}: ${text}`),
  ]
}

export function percent(share: number): string {
  // Rounded down: 94.99 % is not 95 %.
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`
}

const columns = ['target', 'mutants', 'killed', 'of these endless', 'survived', 'explained', 'undecided', 'score']

function cells(summary: TargetSummary): string[] {
  const { target, mutants, killed, endless, survivors, undecided } = summary
  const explained = survivors.filter(({ why }) => why !== undefined).length
  return [
    target.name,
    ...[mutants, killed, endless, survivors.length, explained, undecided].map(String),
    percent(scoreOf(summary)),
  ]
}

/** For the terminal. */
export function table(summaries: readonly TargetSummary[]): string {
  const rows = [columns, ...summaries.map(cells)]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

/** `docs/mutation.md`. */
export function document(summaries: readonly TargetSummary[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  return `# What the tests of the contracts notice

Written by \`pnpm mutate:contracts --write\`. It breaks the contracts in every way below, one at a time, and runs their tests until one
fails. The ways are found in the syntax tree of the compiler, not chosen by hand; \`pnpm prove:guards\` breaks what is chosen by hand.

- **always true**, **always false**: a condition, an operand of \`&&\` or \`||\`, a boolean that is returned, assigned or passed on.
  Not where another mutant does the same: one false operand makes all of \`&&\` false, which is a mutant itself.
- **boundary**: \`<\` and \`<=\`, \`>\` and \`>=\` change places.
- **other operator**: \`+\` and \`-\`, \`*\` and \`/\`, \`&\` and \`|\`, \`<<\` and \`>>\`, \`++\` and \`--\` change places; \`~\` is left out; the second operand
  of \`add\` and \`sub\` in assembly counts the other way.
- **one more**: a literal or a named constant, where it is used, is greater by one (in assembly its last bit flips, of a text the first byte).
- **removed**: a statement: a call, an assignment, an event, \`delete\`. An assignment without which nothing compiles is not counted.
- **returns zero**: a returned number, word or address. **negated**: a condition in assembly.

Not broken: declarations of constants, the arguments of events, interfaces, types. Endless ones run out of gas or time; that counts
as killed. The score is killed of all: survivors that are explained count against it, and so do mutants that
are not run to the end yet.

${line(columns)}
${line(columns.map((_, column) => (column === 0 ? '---' : '---:')))}
${summaries.map((summary) => line(cells(summary))).join('\n')}
${summaries.map(survivorsOf).join('')}`
}

function survivorsOf({ target, survivors }: TargetSummary): string {
  const entries = survivors.map(({ result: { file, line, operator, text, lineText }, why }) => {
    const where = text === lineText ? '' : ` in \`${lineText}\``
    return `- \`${file}:${line}\` ${operator}: \`${text}\`${where}. ${why ?? '**Not explained.**'}\n`
  })
  return `\n## ${target.name}\n\n${entries.length > 0 ? `Survivors:\n\n${entries.join('')}` : 'No survivor.\n'}`
}
