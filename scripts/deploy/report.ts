import { formatEther } from 'viem'
import type { ChainReport } from './deployChain.ts'
import type { Observation } from './observe.ts'

const MARKS = { present: '=', missing: '+', 'wrong-code': '!', fallback: '~' } as const
const WORDS = {
  present: 'present',
  missing: 'missing',
  'wrong-code': 'WRONG CODE',
  fallback: 'present, Solidity P-256',
} as const
const OUTCOMES = {
  deployed: 'deployed',
  unchanged: 'nothing to do',
  ready: 'dry run: nothing was sent',
  failed: 'FAILED',
} as const

/** The report for a terminal. Pure. */
export function formatReport(reports: readonly ChainReport[]): string {
  const failed = reports.filter(({ status }) => status === 'failed')
  const end =
    failed.length === 0
      ? `${reports.length} of ${reports.length} chains in order.`
      : `${failed.length} of ${reports.length} chains failed: ${failed.map(({ name }) => name).join(', ')}. Run the same command again after the remedy; what is done stays done.`
  return [...reports.map(formatChain), end, ''].join('\n')
}

/** The report for programs: bigints as decimal strings. Pure. */
export function formatJson(reports: readonly ChainReport[]): string {
  return `${JSON.stringify(reports, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`
}

function formatChain(report: ChainReport): string {
  const head = `${report.name} (chain ${report.chainId ?? 'unknown'}, ${report.host}): ${OUTCOMES[report.status]}`
  const rows = report.before.map((observation) => formatRow(observation, report))
  const facts = report.p256 ? [`  P256VERIFY: ${report.p256}`] : []
  const cost = report.cost > 0n ? [`  estimated cost: ${formatEther(report.cost)} of the native coin`] : []
  const problems = report.problems.flatMap(({ code, message, remedy }) => [`  ${code}: ${message}`, `    ${remedy}`])
  return [head, ...facts, ...rows, ...cost, ...problems, ''].join('\n')
}

function formatRow({ name, address, state, gas }: Observation, report: ChainReport): string {
  const sent = report.transactions.find((transaction) => transaction.name === name)
  const note = sent
    ? `deployed in ${sent.hash}, ${sent.gasUsed} gas`
    : state === 'missing'
      ? `${WORDS[state]}, about ${gas} gas`
      : WORDS[state]
  return `  ${MARKS[state]} ${name.padEnd(22)} ${address}  ${note}`
}
