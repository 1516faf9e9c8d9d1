import type { ChainResult, Policy } from '@rekey/sdk'
import { isFinal, type Reach, type RecoveryApproval, type RecoveryChainStatus, reachOf } from '@rekey/sdk/recovery'
import { type ErrorText, errorText } from '../lib/errorText.ts'

/** Where the whole recovery stands, over all chains. `partial`: done on some, and others can still be reached. */
export type RecoveryStep = 'collecting' | 'waiting' | 'ready' | 'partial' | 'done' | 'stopped'

/** What the page of a recovery shows. */
export type RecoveryView = {
  /** Places in the policy of the guardians who approved. */
  readonly approvals: readonly number[]
  readonly statuses: readonly RecoveryChainStatus[]
  /** How the last attempt failed, by chain. */
  readonly failures: Readonly<Record<number, ErrorText>>
}

export type RecoveryEvent =
  | { readonly type: 'approvalsCounted'; readonly approvals: readonly RecoveryApproval[] }
  | { readonly type: 'statusesRead'; readonly statuses: readonly RecoveryChainStatus[] }
  | { readonly type: 'chainSettled'; readonly result: ChainResult }

/** The view of a recovery before any chain was read. */
export function initialRecoveryView(approvals: readonly RecoveryApproval[]): RecoveryView {
  return { approvals: approvals.map(({ index }) => index), statuses: [], failures: {} }
}

export function recoveryReducer(view: RecoveryView, event: RecoveryEvent): RecoveryView {
  switch (event.type) {
    case 'approvalsCounted':
      return { ...view, approvals: event.approvals.map(({ index }) => index) }
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
export function recoveryStep({ statuses }: Pick<RecoveryView, 'statuses'>): RecoveryStep {
  const states = statuses.map(({ state }) => state)
  if (states.length === 0) return 'collecting'
  if (statuses.every(isFinal)) return states.includes('done') ? 'done' : 'stopped'
  if (states.includes('ready')) return 'ready'
  if (states.includes('scheduled')) return 'waiting'
  return states.includes('done') ? 'partial' : 'collecting'
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

/** Everybody who approved, as this page knows and as any chain has counted. */
export function allApprovals(view: RecoveryView): readonly number[] {
  return [...new Set([...view.approvals, ...countedApprovals(view)])].toSorted((a, b) => a - b)
}

/** Those whose approval some chain has counted. */
export function countedApprovals({ statuses }: Pick<RecoveryView, 'statuses'>): readonly number[] {
  const places = Array.from({ length: 32 }, (_, index) => index)
  return places.filter((index) => statuses.some(({ votes }) => ((votes >>> index) & 1) === 1))
}

/** What the approvals so far achieve under the policy. */
export function reachedSoFar(policy: Policy, view: RecoveryView): Reach | undefined {
  return reachOf(policy, allApprovals(view))
}
