import { readFileSync } from 'node:fs'
import { type DeployArguments, parseArguments, parsePrivateKey } from './arguments.ts'
import { readArtifact } from './artifacts.ts'
import { LOCAL_CHAIN_IDS } from './constants.ts'
import { type ChainReport, type DeployOptions, deployChain } from './deployChain.ts'
import { DeployError } from './errors.ts'
import { singletons } from './manifest.ts'
import { type PlannedSingleton, planDeployment } from './plan.ts'
import { checkCommittedBuild, readSingletons, writeChainRecord } from './records.ts'
import { formatJson, formatReport } from './report.ts'

/** Deploys our singletons to any list of chains: `--help` by way of a wrong argument. */
async function main(): Promise<number> {
  const given = parseArguments(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'))
  const privateKey = parsePrivateKey(process.env.DEPLOYER_PRIVATE_KEY)
  if (!privateKey && !given.isDryRun)
    throw new DeployError({
      code: 'KeyMissing',
      message: 'DEPLOYER_PRIVATE_KEY is not set.',
      remedy: 'Set it to the key of an EOA with funds on every chain, or pass --dry-run.',
    })
  const plan = planDeployment(singletons, readArtifact)
  const reports = await deployAll(given, plan, {
    privateKey,
    isDryRun: given.isDryRun,
    allowFallback: given.allowFallback,
  })
  process.stdout.write(given.isJson ? formatJson(reports) : formatReport(reports))
  return reports.some(({ status }) => status === 'failed') ? 1 : 0
}

/** Chains are independent: one that fails stops no other. */
async function deployAll(
  given: DeployArguments,
  plan: readonly PlannedSingleton[],
  options: DeployOptions,
): Promise<readonly ChainReport[]> {
  const isLocal = given.targets.every(({ chainId }) => chainId !== undefined && LOCAL_CHAIN_IDS.includes(chainId))
  if (!isLocal && !given.isDryRun) checkCommittedBuild(plan, readSingletons())
  const reports = await Promise.all(given.targets.map((target) => deployChain(target, plan, options)))
  if (!given.isDryRun) for (const report of reports) writeChainRecord(report)
  return reports
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof DeployError)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n`)
  process.exitCode = 1
}
