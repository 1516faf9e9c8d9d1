import type { ChainResult, RekeyConfig } from '@rekey/sdk'
import type { RecoveryKit } from '@rekey/sdk/kit'
import { isFinal, type RecoveryChainStatus, type RecoveryRequest } from '@rekey/sdk/recovery'
import { credentialCommitment } from '@rekey/sdk/webauthn'
import { type Delivery, describePayer } from '../chains/delivery.ts'
import type { Context, Outcome } from '../command.ts'
import { type RecoveryFile, saveRecovery } from '../files/recoveryFile.ts'
import { plain } from '../render/plain.ts'
import { describeGuardian } from '../render/policy.ts'
import { describeStatus, isUnsent, reportRecovery } from './recoverReport.ts'

type DeliveryContext = Pick<Context, 'terminal' | 'signal'> & {
  readonly values: { readonly wait: boolean; readonly 'link-page': string | undefined }
}

type Delivered = {
  readonly config: RekeyConfig
  readonly request: RecoveryRequest
  readonly place: RecoveryFile
  readonly kit: RecoveryKit | undefined
  readonly delivery: Delivery
}

/** Starts the recovery on every chain, and executes it where its time has come. What is done already is skipped. */
export async function deliverRecovery(context: DeliveryContext, delivered: Delivered): Promise<Outcome> {
  const { terminal, signal, values } = context
  const { request, place, kit, delivery } = delivered
  const before = await request.status({ signal })
  if (before.some(canMove)) {
    for (const line of await describePlan(delivered, before)) terminal.say(line)
    if (delivery.payer) await terminal.confirm('Send it?')
  }
  let results = await work(context, request)
  let statuses = await request.status({ signal })
  if (values.wait && delivery.payer && statuses.some(({ state }) => state === 'scheduled')) {
    for await (const seen of request.watch({ signal })) {
      for (const status of seen) terminal.say(describeStatus(status))
      if (seen.some(({ state }) => state === 'ready')) results = merge(results, await work(context, request))
      if (!seen.some(({ state }) => state === 'scheduled')) break
    }
    statuses = await request.status({ signal })
  }
  await saveRecovery(place, request)
  const { unsent } = delivery
  const linkPage = values['link-page']
  return reportRecovery({ request, place, kit, next: findNext(statuses, results), linkPage, statuses, results, unsent })
}

async function work({ terminal, signal }: DeliveryContext, request: RecoveryRequest): Promise<ChainResult[]> {
  const onProgress = (result: ChainResult): void => {
    if (!isUnsent(result)) terminal.say(describeResult(result))
  }
  const results = await request.submit({ signal, onProgress })
  signal.throwIfAborted()
  return results
}

function describeResult({ chainId, status, transactionHash, error }: ChainResult): string {
  if (status === 'failed') return `Chain ${chainId}: ${error?.shortMessage ?? 'failed'}`
  return `Chain ${chainId}: ${status === 'skipped' ? 'nothing to do now' : `in, transaction ${transactionHash}`}`
}

async function describePlan(
  { config, request, kit, delivery }: Delivered,
  statuses: readonly RecoveryChainStatus[],
): Promise<string[]> {
  const { recovery, approvals, policy } = request
  const [diff, payer] = await Promise.all([request.diff(), describePayer(config, delivery)])
  return [
    '',
    `Account ${recovery.account}`,
    `The new key ${credentialCommitment(recovery.credential)} comes in.`,
    ...diff.map(({ chainId, removed }) => {
      const name = config.chains.find(({ id }) => id === chainId)?.client.chain.name ?? ''
      return `Chain ${chainId} (${plain(name)}): ${removed.length} passkey${removed.length === 1 ? '' : 's'} out, and every signer, session and foreign module.`
    }),
    ...(diff.length === 0 ? ['The account is on none of these chains yet: it is created there.'] : []),
    'Approved by:',
    ...approvals.flatMap(({ index }) => {
      const guardian = policy.guardians[index]
      return guardian ? [`  ${describeGuardian(guardian, kit?.guardians)}`] : []
    }),
    'Now:',
    ...statuses.map((status) => `  ${describeStatus(status)}`),
    ...payer,
    '',
  ]
}

/** Whether this run may change anything there. */
function canMove(status: RecoveryChainStatus): boolean {
  return !isFinal(status) && status.state !== 'unreachable'
}

function merge(before: readonly ChainResult[], after: readonly ChainResult[]): ChainResult[] {
  return after.map((result) =>
    result.status === 'skipped' ? (before.find(({ chainId }) => chainId === result.chainId) ?? result) : result,
  )
}

function findNext(statuses: readonly RecoveryChainStatus[], results: readonly ChainResult[]) {
  if (results.some(isUnsent)) return 'send'
  if (results.some(({ status }) => status === 'failed')) return 'retry'
  if (statuses.some(({ state }) => state === 'ready')) return 'execute'
  if (statuses.some(({ state }) => state === 'scheduled')) return 'wait'
  return statuses.every(({ state }) => state === 'done') ? 'nothing' : 'retry'
}
