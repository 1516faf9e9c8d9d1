import type { ChainResult } from '@rekey/sdk'
import type { RecoveryChainStatus } from '@rekey/sdk/recovery'
import { type ErrorText, errorText } from '../lib/errorText.ts'

/** Where the whole recovery stands, over all chains. */
export type RecoveryStep = 'collecting' | 'waiting' | 'ready' | 'done' | 'stopped'

/** What the page of a recovery shows. */
export type RecoveryView = {
  readonly approvals: number
  readonly statuses: readonly RecoveryChainStatus[]
  /** How the last attempt failed, by chain. */
  readonly failures: Readonly<Record<number, ErrorText>>
}

export type RecoveryEvent =
  | { readonly type: 'approvalsCounted'; readonly approvals: number }
  | { readonly type: 'statusesRead'; readonly statuses: readonly RecoveryChainStatus[] }
  | { readonly type: 'chainSettled'; readonly result: ChainResult }

export const emptyRecoveryView: RecoveryView = { approvals: 0, statuses: [], failures: {} }

export function recoveryReducer(view: RecoveryView, event: RecoveryEvent): RecoveryView {
  switch (event.type) {
    case 'approvalsCounted':
      return { ...view, approvals: event.approvals }
    case 'statusesRead':
      return { ...view, statuses: event.statuses }
    case 'chainSettled': {
      const { chainId, status, error } = event.result
      const { [chainId]: _, ...others } = view.failures
      return { ...view, failures: status === 'failed' ? { ...others, [chainId]: errorText(error) } : others }
    }
  }
}

/** The step that the page is at: as far as the chain that is the furthest behind of those that can still go on. */
export function recoveryStep({ statuses }: RecoveryView): RecoveryStep {
  const states = statuses.map(({ state }) => state)
  if (states.length === 0) return 'collecting'
  if (states.every((state) => isOver(state))) return states.includes('done') ? 'done' : 'stopped'
  if (states.includes('ready')) return 'ready'
  if (states.includes('scheduled')) return 'waiting'
  return 'collecting'
}

/** Whether some chain has not heard of the recovery although others have: delivering again helps. */
export function isDeliveryMissing({ statuses }: RecoveryView): boolean {
  return statuses.some(({ state }) => state === 'collecting') && statuses.some(({ state }) => state !== 'collecting')
}

/** When the last of the waiting chains may go on, Unix time in seconds. */
export function readyAt({ statuses }: RecoveryView): number | undefined {
  const times = statuses.flatMap((status) => (status.state === 'scheduled' ? (status.readyAt ?? []) : []))
  return times.length > 0 ? Math.max(...times) : undefined
}

function isOver(state: RecoveryChainStatus['state']): boolean {
  return ['done', 'vetoed', 'cancelled', 'expired', 'superseded', 'noPolicy'].includes(state)
}
