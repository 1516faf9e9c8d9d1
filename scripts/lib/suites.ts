/** The hardforks under which the same bytecode is tested; each is a network of `hardhat.config.ts`. */
export type Hardfork = 'osaka' | 'prague' | 'cancun'

type CommonSuite = {
  name: string
  /** The longest a run at CI size may take. */
  minutes: number
}

export type BuildSuite = CommonSuite & { runner: 'build' }
/** A script that prints `{"results":[{name, ok, detail}]}` as its last line when called with `args`. */
export type CheckSuite = CommonSuite & {
  runner: 'check'
  script: string
  args: string[]
  /** Needs nothing that another suite makes, takes one core and no measure of time: it runs beside the others. */
  isBeside?: boolean
}
export type SoliditySuite = CommonSuite & { runner: 'solidity'; hardfork: Hardfork }
export type VitestSuite = CommonSuite & {
  runner: 'vitest'
  include: string[]
  /** One file at a time, with the long timeouts of a real chain and bundler. */
  usesStack: boolean
  usesChromium: boolean
}

export type Suite = BuildSuite | CheckSuite | SoliditySuite | VitestSuite

function solidity(hardfork: Hardfork): SoliditySuite {
  return { name: `contracts-${hardfork}`, runner: 'solidity', hardfork, minutes: 6 }
}

function vitest(name: string, include: string[], options: Partial<VitestSuite> = {}): VitestSuite {
  return { name, runner: 'vitest', include, usesStack: false, usesChromium: false, minutes: 6, ...options }
}

/** Every suite of `npm test`, in the order they run. A suite is added with one line; an empty one counts as failed. */
export const suites: readonly Suite[] = [
  { name: 'build', runner: 'build', minutes: 15 },
  { name: 'check', runner: 'check', script: 'scripts/check/all.ts', args: ['--json'], minutes: 5 },
  solidity('osaka'),
  solidity('prague'),
  solidity('cancun'),
  {
    name: 'arithmetic',
    runner: 'check',
    script: 'scripts/prove/arithmetic.ts',
    args: ['--json'],
    minutes: 8,
    isBeside: true,
  },
  {
    name: 'coverage',
    runner: 'check',
    script: 'scripts/cover/coverage.ts',
    args: ['--json'],
    minutes: 20,
    isBeside: true,
  },
  { name: 'bench', runner: 'check', script: 'bench/all.ts', args: ['--check', '--json'], minutes: 3 },
  vitest('unit', [
    'sdk/src/**/*.test.ts',
    'apps/*/src/**/*.test.{ts,tsx}',
    'services/*/src/**/*.test.ts',
    'scripts/**/*.test.ts',
  ]),
  vitest('differential', ['test/differential/**/*.test.ts'], { usesStack: true }),
  vitest('integration', ['test/integration/**/*.test.ts'], { usesStack: true }),
  vitest('e2e', ['test/e2e/**/*.test.ts'], { usesStack: true, usesChromium: true, minutes: 15 }),
  vitest('stories', ['test/stories/**/*.test.ts'], { usesStack: true }),
]

export function isBeside(suite: Suite): boolean {
  return suite.runner === 'check' && suite.isBeside === true
}

export function vitestSuites(): VitestSuite[] {
  return suites.filter((suite) => suite.runner === 'vitest')
}

/** The suites called `name`, or whose names start with `name-`. */
export function selectSuites(name: string): Suite[] {
  return suites.filter((suite) => suite.name === name || suite.name.startsWith(`${name}-`))
}
