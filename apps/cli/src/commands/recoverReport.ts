import type { ChainResult } from '@rekey/sdk'
import type { RecoveryKit } from '@rekey/sdk/kit'
import type { RecoveryChainStatus, RecoveryRequest } from '@rekey/sdk/recovery'
import { credentialCommitment } from '@rekey/sdk/webauthn'
import type { Transaction } from '../chains/delivery.ts'
import { exitCodes, type Outcome } from '../command.ts'
import type { RecoveryFile } from '../files/recoveryFile.ts'
import { errorJson } from '../render/error.ts'
import { describeGuardian, describeMoment, describePolicy } from '../render/policy.ts'

/** What there is to do next. */
type Next = 'approve' | 'send' | 'wait' | 'execute' | 'retry' | 'nothing'

type Report = {
  readonly request: RecoveryRequest
  readonly place: RecoveryFile
  readonly kit: RecoveryKit | undefined
  readonly next: Next
  readonly linkPage: string | undefined
  readonly statuses?: readonly RecoveryChainStatus[]
  readonly results?: readonly ChainResult[]
  readonly unsent?: readonly Transaction[]
}

/** Says what guardians have to be told. */
export function describeApprovals(request: RecoveryRequest, kit: RecoveryKit | undefined, page?: string): string[] {
  const { policy, approvals, phrase } = request
  const approved = approvals.flatMap(({ index }) => policy.guardians[index] ?? [])
  return [
    '',
    'Who may approve:',
    ...describePolicy(policy, kit?.guardians).map((line) => `  ${line}`),
    ...(approved.length > 0 ? ['Who has approved:'] : []),
    ...approved.map((guardian) => `  ${describeGuardian(guardian, kit?.guardians)}`),
    '',
    'Call your guardians. Tell them these four words, and to approve only if they see the same:',
    `  ${phrase}`,
    '',
    'They run `rekey approve` with this request, and send back what it prints:',
    request.text,
    ...(page === undefined ? [] : ['', 'Or they open this link:', request.toApprovalLink(page)]),
    '',
  ]
}

/** The end of a run, for people and for programs. */
export function reportRecovery(report: Report): Outcome {
  const { request, place, kit, next, linkPage, statuses = [], unsent = [] } = report
  const hasFailed = next === 'retry'
  return {
    exit: hasFailed ? exitCodes.failed : next === 'nothing' ? exitCodes.done : exitCodes.unfinished,
    text: [
      ...(next === 'approve' ? describeApprovals(request, kit, linkPage) : []),
      ...statuses.map((status) => describeStatus(status, report.results)),
      ...unsent.flatMap((transaction) => ['', ...describeTransaction(transaction)]),
      ...describeNext(next, place, statuses),
    ].join('\n'),
    json: {
      next,
      account: request.recovery.account,
      digest: request.digest,
      phrase: request.phrase,
      request: request.text,
      ...(linkPage !== undefined && { link: request.toApprovalLink(linkPage) }),
      newKey: { file: place.keyFile, commitment: credentialCommitment(request.recovery.credential) },
      recoveryFile: place.file,
      approvals: request.approvals.map(({ index }) => ({
        index,
        signer: request.policy.guardians[index]?.signer,
      })),
      chains: statuses.map((status) => chainJson(status, report.results)),
      transactions: unsent,
    },
  }
}

export function describeStatus(
  { chainId, state, readyAt, closesAt, error }: RecoveryChainStatus,
  results: readonly ChainResult[] = [],
): string {
  const result = results.find((one) => one.chainId === chainId)
  const failure = result?.error && !isUnsent(result) ? result.error : error
  const words: Partial<Record<typeof state, string>> = {
    collecting: 'not started',
    scheduled: `started; it can be executed from ${describeMoment(readyAt ?? 0)}`,
    ready: `can be executed, until ${describeMoment(closesAt ?? 0)}`,
    done: 'done: the new key has the account',
    unreachable: 'does not answer',
  }
  return [
    `Chain ${chainId}: ${words[state] ?? state}`,
    ...(failure ? [`  ${failure.message.replaceAll('\n', '\n  ')}`] : []),
  ].join('\n')
}

export function chainJson(status: RecoveryChainStatus, results: readonly ChainResult[] = []) {
  const { chainId, state, readyAt, closesAt } = status
  const result = results.find((one) => one.chainId === chainId)
  const error = result?.error && !isUnsent(result) ? result.error : status.error
  return {
    chainId,
    state,
    readyAt: readyAt ?? null,
    closesAt: closesAt ?? null,
    transactionHash: result?.transactionHash ?? null,
    error: error ? errorJson(error) : null,
  }
}

/** It went as it should: somebody else is to send it. */
export function isUnsent({ error }: Pick<ChainResult, 'error'>): boolean {
  return error?.code === 'CLI_NOT_SENT'
}

export function describeTransaction({ chainId, to, data }: Transaction): string[] {
  return [`To be sent on chain ${chainId}, by anybody:`, `  to    ${to}`, '  value 0', `  data  ${data}`]
}

function describeNext(next: Next, { file, keyFile }: RecoveryFile, statuses: readonly RecoveryChainStatus[]): string[] {
  const again = `rekey recover --resume ${file} --rpc …`
  const readyAt = Math.max(0, ...statuses.map((status) => status.readyAt ?? 0))
  switch (next) {
    case 'approve':
      return [`When an approval has come back: ${again} --approval <text>`]
    case 'send':
      return ['', `When they are in: ${again}`]
    case 'wait':
      return ['', `After ${describeMoment(readyAt)}: ${again}`]
    case 'execute':
    case 'retry':
      return ['', `Go on with: ${again}`]
    case 'nothing':
      return [
        '',
        `The account is yours again: the key in ${keyFile} signs for it. Now name your guardians anew if one was lost.`,
      ]
  }
}
