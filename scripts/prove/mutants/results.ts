import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mutant, Operator } from './mutant.ts'

/** What became of one mutant. */
export interface MutationResult {
  readonly target: string
  readonly number: number
  readonly operator: Operator
  readonly file: string
  readonly line: number
  readonly text: string
  readonly lineText: string
  readonly outcome: 'killed' | 'endless' | 'survived'
  /** The test file that noticed it, and the first test in it; empty for a survivor. */
  readonly test: string
  readonly killedBy: string
  readonly seconds: number
  /** What was built and run, see `MutationProject`: the result holds as long as this is the same. */
  readonly proof: string
}

export function resultOf(
  target: string,
  { number, operator, file, line, text, lineText }: Mutant,
  found: Pick<MutationResult, 'outcome' | 'test' | 'killedBy' | 'seconds' | 'proof'>,
): MutationResult {
  return { target, number, operator, file, line, text, lineText, ...found }
}

export function readResults(path: string): MutationResult[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as MutationResult[]
  } catch {
    return []
  }
}

export function writeResults(path: string, results: readonly MutationResult[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`)
}
