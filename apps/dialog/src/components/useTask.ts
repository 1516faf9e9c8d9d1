import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type Task, taskReducer } from '../flows/task.ts'

/** Runs what the user asked for, one thing at a time; leaving the screen ends it. */
export function useTask(): [
  task: Task,
  run: (what: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>,
] {
  const [task, dispatch] = useReducer(taskReducer, { status: 'idle' })
  const controller = useRef<AbortController>(undefined)
  useEffect(() => () => controller.current?.abort(), [])
  const isWorking = useRef(false)
  const run = useCallback(async (what: string, work: (signal: AbortSignal) => Promise<void>) => {
    if (isWorking.current) return
    isWorking.current = true
    controller.current = new AbortController()
    const { signal } = controller.current
    dispatch({ type: 'started', what })
    try {
      await work(signal)
      if (!signal.aborted) dispatch({ type: 'finished' })
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'failed', error })
    } finally {
      isWorking.current = false
    }
  }, [])
  return [task, run]
}
