import type { ChainResult } from '@rekey/sdk'
import { type Drill, type DrillOutcome, loadDrill, startDrill } from '@rekey/sdk/recovery'
import { deliveryOptions, describePayer, readDelivery } from '../chains/delivery.ts'
import { nodeOptions, readNodes, toConfig } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { approverOptions, readApprovers } from '../keys/approvers.ts'
import { errorJson } from '../render/error.ts'
import { describeGuardian, describeTier } from '../render/policy.ts'
import { describeTransaction, isUnsent } from './recoverReport.ts'
import { readSubject, subjectOptions } from './subject.ts'

/** `rekey drill`: guardians show that they could, and nothing happens. */
export const drill = defineCommand({
  name: 'drill',
  summary: 'let guardians show that they could approve, without any effect',
  usage: '(--account <address> | --kit <file> | --request <text>) [--approval <text> …] [--record] --rpc <id>=<url> …',
  about: [
    'Prints a request for the guardians, who answer it with `rekey approve`. Nothing that they sign can do anything.',
    'Run it again with the request and what came back: it asks every chain which tiers they would reach.',
    'With --record the chains keep that they were proven, and `rekey health` knows.',
  ],
  options: {
    ...subjectOptions,
    request: { type: 'text', value: '<text>', help: 'go on with this drill' },
    approval: { type: 'list', value: '<text>', help: 'what a guardian sent back; once for each' },
    record: { type: 'flag', help: 'record on the chains who was proven' },
    ...approverOptions,
    ...deliveryOptions,
    ...nodeOptions,
  },
  async run({ values, terminal, signal }): Promise<Outcome> {
    const nodes = await readNodes('drill', values)
    const delivery = await readDelivery(nodes, values, terminal)
    const { request: text } = values
    if (text === undefined && values.approval.length > 0)
      throw new UsageError('Approvals belong to a request: give --request too.', { command: 'drill' })
    const subject = text === undefined ? await readSubject('drill', values, nodes) : undefined
    const config = toConfig(nodes, { relay: delivery.relay, kit: subject?.kit })
    const request =
      text === undefined && subject
        ? await startDrill(config, { account: subject.address, policies: subject.policies, signal })
        : loadDrill(config, text ?? '')
    for (const approval of values.approval) await request.addApproval(approval)
    const reveals = subject?.kit?.guardians.flatMap(({ reveal }) => reveal ?? []) ?? []
    for (const approver of await readApprovers(config, values, { terminal, signal, reveals }))
      await request.approve(await approver(request))
    const outcomes = request.approvals.length === 0 ? [] : await request.test({ signal })
    let results: ChainResult[] = []
    if (values.record && request.approvals.length > 0) {
      for (const line of await describePayer(config, delivery)) terminal.say(line)
      await terminal.confirm('Record it on the chains?')
      results = await request.submit({ signal })
    }
    const { unsent } = delivery
    const hasFailed =
      outcomes.some((outcome) => 'error' in outcome) ||
      results.some((result) => result.status === 'failed' && !isUnsent(result))
    const isDone = request.approvals.length > 0 && unsent.length === 0
    return {
      exit: hasFailed ? exitCodes.failed : isDone ? exitCodes.done : exitCodes.unfinished,
      text: [
        ...describeDrill(request),
        ...outcomes.map((outcome) => describeOutcome(request, outcome)),
        ...results.flatMap((result) =>
          isUnsent(result) ? [] : [`Chain ${result.chainId}: recording ${result.status}.`],
        ),
        ...unsent.flatMap((transaction) => ['', ...describeTransaction(transaction)]),
      ].join('\n'),
      json: {
        account: request.ask.message.account,
        digest: request.digest,
        phrase: request.phrase,
        request: request.text,
        approvals: request.approvals.map(({ index }) => ({ index, signer: request.policy.guardians[index]?.signer })),
        chains: outcomes.map((outcome) => ({
          chainId: outcome.chainId,
          guardians: 'votes' in outcome ? places(outcome.votes) : [],
          tiers: 'tiers' in outcome ? places(outcome.tiers) : [],
          error: 'error' in outcome ? errorJson(outcome.error) : null,
        })),
        recorded: results.map(({ chainId, status, transactionHash }) => ({
          chainId,
          status,
          transactionHash: transactionHash ?? null,
        })),
        transactions: unsent,
      },
    }
  },
})

function describeDrill({ ask, policy, approvals, phrase, text }: Drill): string[] {
  const approved = new Set(approvals.map(({ index }) => index))
  return [
    `A drill for account ${ask.message.account}; the four words are: ${phrase}`,
    ...policy.guardians.map((guardian, index) => `  ${approved.has(index) ? '✔' : '·'} ${describeGuardian(guardian)}`),
    '',
    'Guardians answer this with `rekey approve`:',
    text,
    '',
  ]
}

function describeOutcome({ policy }: Drill, outcome: DrillOutcome): string {
  if ('error' in outcome) return `Chain ${outcome.chainId}: ${outcome.error.message}`
  const reached = places(outcome.tiers).flatMap((place) => policy.tiers[place] ?? [])
  const words = reached.length === 0 ? ['they would not be enough'] : reached.map(describeTier)
  return `Chain ${outcome.chainId}: ${words.join(' ')}`
}

/** The places of the bits that are set. */
function places(bits: number): number[] {
  return Array.from({ length: 32 }, (_, place) => place).filter((place) => ((bits >>> place) & 1) === 1)
}
