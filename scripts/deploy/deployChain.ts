import {
  createPublicClient,
  createWalletClient,
  formatEther,
  type Hex,
  http,
  type PublicClient,
  type WalletClient,
} from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { ChainTarget } from './arguments.ts'
import { DEPLOYER } from './constants.ts'
import { DeployError, describeError, type Problem } from './errors.ts'
import { judgeChain } from './judge.ts'
import { judgeObservations, type Observation, observe, observeAll } from './observe.ts'
import { deployCalldata, type PlannedSingleton } from './plan.ts'
import { type P256Support, readFacts } from './probes.ts'

export type DeployOptions = {
  /** Without a key nothing can be sent: dry runs only. */
  readonly privateKey?: Hex | undefined
  readonly isDryRun?: boolean
  readonly allowFallback?: boolean
}

export type SentTransaction = {
  readonly name: string
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly gasUsed: bigint
}

export type ChainReport = {
  readonly name: string
  readonly host: string
  readonly chainId: number | null
  /** `ready`: a dry run found nothing in the way. */
  readonly status: 'deployed' | 'unchanged' | 'ready' | 'failed'
  readonly p256: P256Support | null
  /** As found before anything was sent. */
  readonly before: readonly Observation[]
  /** As found at the end; equal to `before` when nothing was sent. */
  readonly after: readonly Observation[]
  readonly transactions: readonly SentTransaction[]
  /** Estimated cost of what is missing, in wei. */
  readonly cost: bigint
  readonly problems: readonly Problem[]
}

type Progress = { -readonly [key in keyof ChainReport]: ChainReport[key] }

/**
 * Brings one chain in line with the plan. Never throws for the chain's sake: what went wrong is in the report, and
 * running it again goes on where it stopped.
 */
export async function deployChain(
  target: ChainTarget,
  plan: readonly PlannedSingleton[],
  options: DeployOptions,
): Promise<ChainReport> {
  const report: Progress = {
    name: target.name,
    host: new URL(target.rpcUrl).host,
    chainId: null,
    status: 'failed',
    p256: null,
    before: [],
    after: [],
    transactions: [],
    cost: 0n,
    problems: [],
  }
  try {
    await advance(report, target, plan, options)
  } catch (error) {
    report.status = 'failed'
    report.problems = [...report.problems, toProblem(error, target.rpcUrl)]
  }
  return report
}

async function advance(
  report: Progress,
  target: ChainTarget,
  plan: readonly PlannedSingleton[],
  options: DeployOptions,
): Promise<void> {
  const transport = http(target.rpcUrl)
  const client: PublicClient = createPublicClient({ transport, pollingInterval: POLLING_MS, cacheTime: 0 })
  const account = options.privateKey ? privateKeyToAccount(options.privateKey) : undefined

  const facts = await readFacts(client)
  report.chainId = facts.chainId
  report.p256 = facts.p256
  report.problems = judgeChain(facts, target.chainId)
  if (report.problems.length > 0) return

  report.before = report.after = await observeAll(client, plan, account?.address)
  report.problems = judgeObservations(report.before, options.allowFallback ?? false)
  if (report.problems.length > 0) return

  const missing = plan.filter((_, at) => report.before[at]?.state === 'missing')
  report.cost = (sum(report.before) * (await client.getGasPrice()) * PRICE_MARGIN_PERCENT) / 100n
  if (missing.length === 0) {
    report.status = 'unchanged'
    return
  }
  if (account) report.problems = await judgeBalance(client, account, report.cost)
  if (report.problems.length > 0) return
  if (options.isDryRun) {
    report.status = 'ready'
    return
  }
  if (!account)
    throw new DeployError({
      code: 'KeyMissing',
      message: 'There is no key to pay with.',
      remedy: 'Set DEPLOYER_PRIVATE_KEY, or pass --dry-run.',
    })

  const wallet = createWalletClient({ transport, account })
  for (const singleton of missing)
    report.transactions = [
      ...report.transactions,
      ...(await deploySingleton(client, wallet, account, singleton, facts.chainId)),
    ]
  report.after = await observeAll(client, plan, account?.address)
  report.problems = [...judgeObservations(report.after, options.allowFallback ?? false), ...judgeMissing(report.after)]
  report.status = report.problems.length === 0 ? 'deployed' : 'failed'
}

/** Sends one singleton. Somebody else may have deployed the same code meanwhile, which is as good. */
async function deploySingleton(
  client: PublicClient,
  wallet: WalletClient,
  account: PrivateKeyAccount,
  singleton: PlannedSingleton,
  chainId: number,
): Promise<readonly SentTransaction[]> {
  const { name, salt, initCode } = singleton
  const observation = await observe(client, singleton, account.address)
  if (observation.state !== 'missing') return []
  const chain = {
    id: chainId,
    name: String(chainId),
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  }
  const hash = await wallet.sendTransaction({
    account,
    chain,
    to: DEPLOYER,
    data: deployCalldata(salt, initCode),
    gas: (observation.gas * GAS_MARGIN_PERCENT) / 100n,
  })
  const receipt = await client.waitForTransactionReceipt({ hash })
  if (receipt.status !== 'success' && (await observe(client, singleton, account.address)).state === 'missing')
    throw new DeployError({
      code: 'TransactionFailed',
      message: `The deployment of ${name} reverted (${hash}).`,
      remedy: 'Look at the transaction, then run again: what is done stays done.',
    })
  return [{ name, hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed }]
}

async function judgeBalance(
  client: PublicClient,
  { address }: PrivateKeyAccount,
  cost: bigint,
): Promise<readonly Problem[]> {
  const balance = await client.getBalance({ address })
  if (balance >= cost) return []
  return [
    {
      code: 'InsufficientFunds',
      message: `${address} has ${formatEther(balance)}, the deployment costs up to ${formatEther(cost)}.`,
      remedy: `Send it ${formatEther(cost - balance)} or more, then run again.`,
    },
  ]
}

function judgeMissing(observations: readonly Observation[]): readonly Problem[] {
  return observations
    .filter(({ state }) => state === 'missing')
    .map(({ name, address }) => ({
      code: 'TransactionFailed',
      message: `${name} is still not at ${address}.`,
      remedy: 'The transaction was included, but the chain does not follow CREATE2 as Ethereum does. Do not use it.',
    }))
}

function toProblem(error: unknown, rpcUrl: string): Problem {
  if (error instanceof DeployError)
    return { code: error.code, message: error.message.slice(0, -error.remedy.length - 1), remedy: error.remedy }
  return {
    code: 'ChainUnreachable',
    message: describeError(error, rpcUrl),
    remedy: 'Check the node, then run again: what is done stays done.',
  }
}

function sum(observations: readonly Observation[]): bigint {
  return observations.reduce((total, { gas }) => total + gas, 0n)
}

/** The price may rise while we deploy. */
const PRICE_MARGIN_PERCENT = 150n
const POLLING_MS = 250
/** Of the estimate. Gas decides nothing about the outcome: a constructor that tests P256VERIFY insists on enough. */
const GAS_MARGIN_PERCENT = 115n
