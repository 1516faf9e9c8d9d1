// Runs the Solidity tests under one hardfork and writes one entry per test:
//   node scripts/lib/runSolidity.ts <hardfork> <report file>
import { writeFileSync } from 'node:fs'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../hardhat.config.ts'
import { type SolidityContract, solidityTests } from './reports.ts'

const [hardfork = '', reportPath = ''] = process.argv.slice(2)
const networkConfig = config.networks?.[hardfork]
if (networkConfig?.type !== 'edr-simulated' || networkConfig.hardfork !== hardfork) {
  throw new Error(`hardhat.config.ts has no network "${hardfork}" with the hardfork of that name`)
}

process.env.REKEY_HARDFORK = hardfork
const hre = await createHardhatRuntimeEnvironment(config, { network: hardfork }, process.cwd())
type Outcome = { suiteResults: SolidityContract[] }
const outcome: { success: boolean; value?: Outcome; error?: Outcome } = await hre.tasks
  .getTask(['test', 'solidity'])
  .run()

const contracts = (outcome.value ?? outcome.error)?.suiteResults ?? []
writeFileSync(reportPath, JSON.stringify(solidityTests(contracts), null, 1))
process.exit(outcome.success ? 0 : 1)
