// In a breakable project, whose root is the working directory: compiles files of it (`build <file>…`), or runs tests as
// often as it is told to. It stays in between: starting and loading anew would take longer than most tests.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../../hardhat.config.ts'
import { type SolidityContract, solidityTests } from '../../lib/reports.ts'
import type { WorkerAnswer, WorkerRequest } from './tester.ts'

type Outcome = { suiteResults: SolidityContract[] }

process.env.REKEY_HARDFORK = 'osaka'
const hre = await createHardhatRuntimeEnvironment(config, { network: 'osaka' }, process.cwd())
const profile = hre.config.test.solidity.profiles.default
if (profile === undefined) throw new Error('hardhat.config.ts has no settings for Solidity tests')
// A survivor goes through every test there is: what only long walks find has no test.
profile.invariant = { ...profile.invariant, runs: 4, depth: 32 }

process.on('message', async ({ coinbase, test, names, gas }: WorkerRequest) => {
  profile.coinbase = coinbase
  profile.gasLimit = BigInt(gas)
  const grep = names.length > 0 ? { grep: `^(${names.join('|')})(\\(|$)` } : {}
  const outcome: { value?: Outcome; error?: Outcome } = await hre.tasks
    .getTask(['test', 'solidity'])
    .run({ noCompile: true, testFiles: [test], ...grep })
  const contracts = (outcome.value ?? outcome.error)?.suiteResults ?? []
  // A contract none of whose tests has a wanted name.
  const answer: WorkerAnswer = { tests: solidityTests(contracts.filter(({ testResults }) => testResults.length > 0)) }
  process.send?.(answer)
})

const [command, ...files] = process.argv.slice(2)
if (command === 'build') {
  await hre.tasks.getTask('build').run({ files })
  // The runner reads all of the compiler's output before each run, for stack traces that are not made here.
  const folder = 'artifacts/build-info'
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.output.json'))) {
    const path = `${folder}/${name}`
    const whole: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...whole, output: { contracts: {}, sources: {} } }))
  }
  process.exit(0)
}
