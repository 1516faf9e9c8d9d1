// Breaks every guard of the contracts, one at a time, and demands that a test notices:
//   pnpm prove:guards [--group <name>] [--only <text>] [--list] [--again]
// Results are kept in reports/guards.json as long as neither the contracts nor the tests change; `--again` drops them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseTestList } from '../lib/reports.ts'
import { guardGroups } from './guards.data.ts'
import { guardProject } from './project.ts'
import { coverOf, type Guard, type GuardGroup, switchOf } from './schemata.ts'

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

function numberOf(guard: Guard): number {
  return numbers.get(guard) ?? 0
}

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

/** What earlier runs found out about the guards in the build that there would be now. */
function knownProofs(): Map<Guard, Proof> {
  const earlier = new Map(readProofs().map((proof) => [`${proof.build} ${proof.name}`, proof]))
  const proofs = new Map<Guard, Proof>()
  for (const group of guardGroups) {
    const { build } = guardProject(root, group, numbers)
    for (const guard of group.guards) {
      const proof = earlier.get(`${build} ${guard.name}`)
      if (proof) proofs.set(guard, proof)
    }
  }
  return proofs
}

function proveGroup(group: GuardGroup, proofs: Map<Guard, Proof>): void {
  const open = group.guards.filter(
    (guard) => !proofs.has(guard) && (values.only === undefined || guard.name.includes(values.only)),
  )
  if (open.length === 0) return
  const { build, prepare } = guardProject(root, group, numbers)
  const place = prepare()
  // What fails with every guard in place measures gas or size, which this build has more of.
  const unfit = failingTests(place, 0)
  if (unfit.size > 0) console.log(`${group.name}: left out, since they fail in this build: ${[...unfit].join('; ')}`)
  for (const guard of open) {
    const startedAt = performance.now()
    const cover = coverOf(guard, group.guards)
    const ofCover = cover === undefined ? unfit : failingTests(place, numberOf(cover))
    const failed = [...failingTests(place, numberOf(guard))]
    const killedBy = failed.filter((name) => !unfit.has(name) && !ofCover.has(name))
    proofs.set(guard, { group: group.name, name: guard.name, file: guard.file, build, killedBy })
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
  const proofs = knownProofs()
  for (const group of groups) proveGroup(group, proofs)
  const survivors = [...proofs.values()].filter(({ killedBy }) => killedBy.length === 0)
  console.log(`${proofs.size} of ${guards.length} guards broken, ${survivors.length} survived`)
  for (const { name, file } of survivors) console.log(`SURVIVED ${name} (${file})`)
  if (survivors.length > 0) process.exitCode = 1
}
