import type { ChainResult } from '@rekey/sdk'
import { type ErrorText, errorText } from '../lib/errorText.ts'

/** How one piece of work stands on one chain. */
export type ChainProgress = {
  readonly chainId: number
  readonly status: 'working' | 'done' | 'failed'
  readonly error?: ErrorText
}

export type ChainProgressEvent =
  /** Something new is begun. */
  | { readonly type: 'restarted'; readonly chainIds: readonly number[] }
  /** What failed is tried again. */
  | { readonly type: 'retried' }
  | { readonly type: 'settled'; readonly result: ChainResult }

/** Chains that are done stay done when the others are tried again. */
export function chainProgressReducer(
  progress: readonly ChainProgress[],
  event: ChainProgressEvent,
): readonly ChainProgress[] {
  switch (event.type) {
    case 'restarted':
      return event.chainIds.map((chainId) => ({ chainId, status: 'working' }))
    case 'retried':
      return progress.map((entry) => (entry.status === 'done' ? entry : { chainId: entry.chainId, status: 'working' }))
    case 'settled':
      return progress.map((entry) => (entry.chainId === event.result.chainId ? settle(event.result) : entry))
  }
}

/** Whether every chain is done. */
export function isAllDone(progress: readonly ChainProgress[]): boolean {
  return progress.length > 0 && progress.every(({ status }) => status === 'done')
}

function settle({ chainId, status, error }: ChainResult): ChainProgress {
  return status === 'failed' ? { chainId, status: 'failed', error: errorText(error) } : { chainId, status: 'done' }
}
