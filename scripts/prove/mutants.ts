// Breaks the contracts in every way that solc's syntax tree offers, one at a time, and demands that a test notices:
//   pnpm mutate:contracts [--target <name>] [--only <file:line>] [--list] [--again] [--jobs <n>] [--known] [--write]
// Results are kept in reports/mutants.json while neither the contracts nor the tests that decided them change; `--again` drops them.
// `--known` runs nothing; `--write` writes docs/mutation.md from the results of all targets.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BreakableSources, makeBreakableSources } from './mutants/breakable.ts'
import { explanations } from './mutants/explained.data.ts'
import type { Mutant } from './mutants/mutant.ts'
import { type MutationProject, prepareMutationProject } from './mutants/mutationProject.ts'
import { type MutationResult, readResults, writeResults } from './mutants/results.ts'
import { runMutants } from './mutants/run.ts'
import { document, problemsOf, summarize, type TargetSummary, table } from './mutants/summary.ts'
import { type MutationTarget, mutationTargets } from './mutants/targets.data.ts'

const root = process.cwd()
const reportPath = join(root, 'reports/mutants.json')
const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean' },
    again: { type: 'boolean' },
    jobs: { type: 'string', default: '1' },
    write: { type: 'boolean' },
    known: { type: 'boolean' },
  },
})

function isWanted({ file, line }: Mutant): boolean {
  return values.only === undefined || `${file}:${line}`.endsWith(values.only) || file.endsWith(values.only)
}

function describe({ operator, file, line, text }: Mutant | MutationResult): string {
  return `${file.replace('contracts/', '')}:${line} ${operator}: ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`
}

function fate({ outcome, killedBy, seconds }: MutationResult): string {
  if (outcome === 'survived') return 'SURVIVED'
  return `${outcome === 'endless' ? 'endless in ' : ''}${killedBy.replace('test/contracts/', '')} (${seconds} s)`
}

/** What is known of the target's mutants from earlier runs and still true. */
function knownResults(target: MutationTarget, project: MutationProject, mutants: readonly Mutant[]): MutationResult[] {
  if (values.again) return []
  const numbers = new Set(mutants.map(({ number }) => number))
  return readResults(reportPath).filter(
    ({ target: name, number, outcome, test, proof }) =>
      name === target.name &&
      numbers.has(number) &&
      proof === (outcome === 'survived' ? project.whole : project.killerOf(test)),
  )
}

function keep(target: MutationTarget, results: ReadonlyMap<number, MutationResult>): void {
  const others = readResults(reportPath).filter(({ target: name }) => name !== target.name)
  writeResults(reportPath, [...others, ...[...results.values()].sort((a, b) => a.number - b.number)])
}

/** All mutants of the target, those that are not known yet run; without the ones that are not asked for and not known. */
async function runTarget(target: MutationTarget, sources: BreakableSources): Promise<MutationResult[]> {
  const { mutants, skipped } = sources
  const project = prepareMutationProject(root, target, sources)
  const results = new Map(knownResults(target, project, mutants).map((result) => [result.number, result]))
  const open = values.known ? [] : mutants.filter((mutant) => isWanted(mutant) && !results.has(mutant.number))
  console.log(`${target.name}: ${mutants.length} mutants, ${results.size} known, ${open.length} to run`)
  for (const mutant of skipped) console.log(`does not compile: ${describe(mutant)}`)
  let done = 0
  const report = (result: MutationResult): void => {
    results.set(result.number, result)
    keep(target, results)
    done += 1
    console.log(`${done}/${open.length} ${describe(result)} → ${fate(result)}`)
  }
  await runMutants(target.name, project, open, Number(values.jobs), { report, log: (line) => console.log(line) })
  return [...results.values()].sort((a, b) => a.number - b.number)
}

const targets = mutationTargets.filter(({ name }) => values.target === undefined || name === values.target)
if (targets.length === 0) throw new Error(`There is no target "${values.target}"`)
const summaries: TargetSummary[] = []
for (const target of targets) {
  const sources = makeBreakableSources(root, target.files)
  if (values.list) {
    for (const mutant of sources.mutants.filter(isWanted)) console.log(describe(mutant))
    for (const mutant of sources.skipped.filter(isWanted)) console.log(`does not compile: ${describe(mutant)}`)
    continue
  }
  const results = await runTarget(target, sources)
  summaries.push(summarize(target, results, sources.mutants.length, explanations))
}
if (summaries.length > 0) console.log(`\n${table(summaries)}`)
const problems = summaries.flatMap(problemsOf)
for (const problem of problems) console.log(problem)
if (problems.length > 0) process.exitCode = 1
if (values.write) {
  if (targets.length < mutationTargets.length) throw new Error('Only all targets together are written')
  writeFileSync(join(root, 'docs/mutation.md'), document(summaries))
}
