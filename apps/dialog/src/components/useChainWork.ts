import type { ChainResult, OnProgress, RekeyConfig } from '@rekey/sdk'
import { useReducer, useRef } from 'react'
import { type ChainProgress, chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import type { Task } from '../flows/task.ts'
import { useTask } from './useTask.ts'

/** Something that is done on several networks, one by one. */
export type ChainWork = {
  readonly task: Task
  readonly progress: readonly ChainProgress[]
  readonly isDone: boolean
  /** It went through on some networks only: trying again does the rest. */
  readonly isPartial: boolean
  /** Begins it, or goes on with what is missing of the same. */
  readonly start: (
    what: string,
    work: (parameters: { signal: AbortSignal; onProgress: OnProgress }) => Promise<readonly ChainResult[]>,
    end?: {
      /** Networks that it is for; all others are left alone. */
      readonly chainIds?: readonly number[]
      /** Told when no network failed. */
      readonly onEnd?: () => Promise<void> | void
    },
  ) => void
}

/** Follows a piece of work on every network; what is done stays done when the rest is tried again. */
export function useChainWork({ chains }: Pick<RekeyConfig, 'chains'>): ChainWork {
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const begun = useRef<string>(undefined)
  const isDone = isAllDone(progress)
  return {
    task,
    progress,
    isDone,
    isPartial: progress.length > 0 && !isDone && task.status === 'idle',
    start: (what, work, { chainIds = chains.map(({ id }) => id), onEnd } = {}) =>
      void run(what, async (signal) => {
        if (progress.length === 0 || begun.current !== what) dispatch({ type: 'restarted', chainIds })
        else dispatch({ type: 'retried' })
        begun.current = what
        const results = await work({ signal, onProgress: (result) => dispatch({ type: 'settled', result }) })
        if (results.every(({ status }) => status !== 'failed')) await onEnd?.()
      }),
  }
}
