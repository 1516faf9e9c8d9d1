import type { Mutant, Operator } from './mutant.ts'

/** Why no test can or need notice a mutant. */
export interface Explanation {
  readonly file: string
  readonly operator: Operator
  /** What is broken, as `Mutant.text`. */
  readonly text: string
  /** The line where it begins, as `Mutant.lineText`. */
  readonly lineText: string
  /** Which one, from 1, where several mutants are alike in all of that. */
  readonly nth: number
  readonly why: string
}

/** `[operator, text, lineText, why, nth?]` */
type Row = readonly [Operator, string, string, string, number?]

/** The explanations of one file. */
export function explainIn(file: string, rows: readonly Row[]): Explanation[] {
  return rows.map(([operator, text, lineText, why, nth = 1]) => ({ file, operator, text, lineText, nth, why }))
}

type Identity = Pick<Mutant, 'file' | 'operator' | 'text' | 'lineText'>

function isAlike(a: Identity, b: Identity): boolean {
  return a.file === b.file && a.operator === b.operator && a.text === b.text && a.lineText === b.lineText
}

/** The mutant that is explained, if there still is one. */
export function explained<T extends Identity>(explanation: Explanation, mutants: readonly T[]): T | undefined {
  return mutants.filter((mutant) => isAlike(explanation, mutant))[explanation.nth - 1]
}

/** What each survivor's explanation is, and the explanations that explain no survivor. */
export function matchExplanations<T extends Identity>(
  explanations: readonly Explanation[],
  mutants: readonly T[],
  isSurvivor: (mutant: T) => boolean,
): { readonly whyOf: ReadonlyMap<T, string>; readonly stale: readonly Explanation[] } {
  const whyOf = new Map<T, string>()
  const stale: Explanation[] = []
  for (const explanation of explanations) {
    const mutant = explained(explanation, mutants)
    if (mutant === undefined || !isSurvivor(mutant) || whyOf.has(mutant)) stale.push(explanation)
    else whyOf.set(mutant, explanation.why)
  }
  return { whyOf, stale }
}
