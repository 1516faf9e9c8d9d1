// Breaks every guard of the contracts, one at a time, and demands that a test notices:
//   pnpm prove:guards [--group <name>] [--only <text>] [--list] [--again]
// Results are kept in reports/guards.json as long as neither the contracts nor the tests change; `--again` drops them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseTestList } from '../lib/reports.ts'
import { guardGroups } from './guards.data.ts'
import { prepareProject } from './project.ts'
import { type Guard, type GuardGroup, switchOf } from './schemata.ts'

type Proof = { group: string; name: string; file: string; build: string; killedBy: readonly string[] }

const root = process.cwd()
const reportPath = join(root, 'reports/guards.json')
const guards = guardGroups.flatMap((group) => group.guards)
// Counted within each group: a build stays what it is when another group gains a guard.
const numbers = new Map<Guard, number>(
  guardGroups.flatMap((group) => group.guards.map((guard, index) => [guard, index + 1] as const)),
)
const { values } = parseArgs({
  options: {
    group: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean' },
    again: { type: 'boolean' },
  },
})

/** The tests that failed when the guard with this number was broken. */
function failingTests(project: string, number: number): Set<string> {
  const report = join(project, 'report.json')
  writeFileSync(report, '[]')
  const { stderr } = spawnSync(process.execPath, ['scripts/lib/runSolidity.ts', 'osaka', report], {
    cwd: project,
    env: { ...process.env, REKEY_COINBASE: switchOf(number), REKEY_SEED: '1' },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const tests = parseTestList(readFileSync(report, 'utf8'))
  if (tests.length === 0) throw new Error(`No test ran in ${project}:\n${stderr.slice(0, 4_000)}`)
  return new Set(tests.filter(({ status }) => status !== 'passed').map(({ name }) => name))
}

function readProofs(): Proof[] {
  if (values.again) return []
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8')) as Proof[]
  } catch {
    return []
  }
}

function proveGroup(group: GuardGroup, proofs: Map<Guard, Proof>): void {
  const wanted = group.guards.filter(({ name }) => values.only === undefined || name.includes(values.only))
  if (wanted.length === 0) return
  const project = prepareProject(root, group, numbers)
  const open = wanted.filter((guard) => proofs.get(guard)?.build !== basename(project))
  if (open.length === 0) return
  // What fails with every guard in place measures gas or size, which this build has more of.
  const unfit = failingTests(project, 0)
  if (unfit.size > 0) console.log(`${group.name}: left out, since they fail in this build: ${[...unfit].join('; ')}`)
  for (const guard of open) {
    const startedAt = performance.now()
    const failed = failingTests(project, numbers.get(guard) ?? 0)
    const killedBy = [...failed].filter((name) => !unfit.has(name))
    proofs.set(guard, { group: group.name, name: guard.name, file: guard.file, build: basename(project), killedBy })
    mkdirSync(join(root, 'reports'), { recursive: true })
    writeFileSync(reportPath, `${JSON.stringify([...proofs.values()], null, 1)}\n`)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    console.log(`${guard.name} → ${killedBy[0] ?? 'SURVIVED'}${more(killedBy.length - 1)} (${seconds} s)`)
  }
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : ''
}

const groups = guardGroups.filter(({ name }) => values.group === undefined || name === values.group)
if (values.list) {
  for (const group of groups) for (const { name, file } of group.guards) console.log(`${group.name}: ${name} (${file})`)
} else {
  const earlier = readProofs()
  const proofs = new Map<Guard, Proof>()
  for (const guard of guards) {
    const proof = earlier.find(({ name, file }) => name === guard.name && file === guard.file)
    if (proof) proofs.set(guard, proof)
  }
  for (const group of groups) proveGroup(group, proofs)
  const survivors = [...proofs.values()].filter(({ killedBy }) => killedBy.length === 0)
  console.log(`${proofs.size} of ${guards.length} guards broken, ${survivors.length} survived`)
  for (const { name, file } of survivors) console.log(`SURVIVED ${name} (${file})`)
  if (survivors.length > 0) process.exitCode = 1
}
