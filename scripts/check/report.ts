import type { Check, CheckResult } from './check.ts'

export interface NamedResult extends CheckResult {
  readonly name: string
}

/** Tools are processes of their own and use the second core while the first one runs ours. */
const parallel = 2

/**
 * Runs all checks, a few at a time, and tells of each as it ends.
 * A check that throws has failed: a rule that could not be looked at is not kept.
 */
export async function runChecks(
  checks: readonly Check[],
  root: string,
  report: (name: string, result: CheckResult) => void,
): Promise<readonly NamedResult[]> {
  const results: NamedResult[] = []
  const waiting = checks.map((check, index) => ({ check, index }))
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { check, index } = next
      const result = await check.run(root).catch(asFailure)
      results[index] = { name: check.name, ...result }
      report(check.name, result)
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return results
}

export function renderLine(name: string, { ok, detail }: CheckResult): string {
  if (ok) return `ok      ${name}: ${detail}`
  return [`FAILED  ${name}`, ...detail.split('\n').map((line) => `        ${line}`)].join('\n')
}

/** One line, for other programs. */
export function renderJson(results: readonly NamedResult[]): string {
  return JSON.stringify({ results: results.map(({ name, ok, detail }) => ({ name, ok, detail })) })
}

function asFailure(error: unknown): CheckResult {
  return { ok: false, detail: error instanceof Error ? error.message : String(error) }
}
