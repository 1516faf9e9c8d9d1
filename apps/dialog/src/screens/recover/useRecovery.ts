import type { RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { useEffect, useReducer } from 'react'
import { useTask } from '../../components/useTask.ts'
import {
  countedApprovals,
  initialRecoveryView,
  type RecoveryStep,
  type RecoveryView,
  reachedSoFar,
  recoveryReducer,
  recoveryStep,
} from '../../flows/recovery.ts'
import type { Task } from '../../flows/task.ts'
import { publicPart } from '../../lib/publicPart.ts'
import { keepRecovery } from '../../lib/storage.ts'

const pollingInterval = 1_000

/** A recovery as its screens use it. */
export type RecoveryInHand = {
  readonly view: RecoveryView
  readonly step: RecoveryStep
  readonly task: Task
  /** Delivers what is approved, or executes what has waited. */
  readonly work: (what: 'submit' | 'execute') => void
  /** Gets an approval; keeps it, and delivers it once it is enough. */
  readonly collect: (what: string, approve: (signal: AbortSignal) => Promise<unknown>) => Promise<void>
}

/** Follows a recovery on every chain, and takes approvals for it. */
export function useRecovery(config: RekeyConfig, request: RecoveryRequest): RecoveryInHand {
  const [view, dispatch] = useReducer(recoveryReducer, request.approvals, initialRecoveryView)
  const [task, run] = useTask()

  useEffect(() => {
    const controller = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const statuses of request.watch({ signal: controller.signal, pollingInterval }))
        dispatch({ type: 'statusesRead', statuses })
    }
    void follow()
    return () => controller.abort()
  }, [request])

  const deliver = async (what: 'submit' | 'execute', signal: AbortSignal): Promise<void> => {
    await request[what]({ signal, onProgress: (result) => dispatch({ type: 'chainSettled', result }) })
    const statuses = await request.status()
    dispatch({ type: 'statusesRead', statuses })
    keep(statuses)
  }
  const keep = (statuses: RecoveryView['statuses']): void =>
    keepRecovery(publicPart(config, request, countedApprovals({ statuses })), localStorage)
  return {
    view,
    step: recoveryStep(view),
    task,
    work: (what) => void run(what, (signal) => deliver(what, signal)),
    collect: (what, approve) =>
      run(what, async (signal) => {
        await approve(signal)
        keep(view.statuses)
        const { approvals } = request
        dispatch({ type: 'approvalsCounted', approvals })
        const places = approvals.map(({ index }) => index)
        if (reachedSoFar(request.policy, { ...view, approvals: places })) await deliver('submit', signal)
      }),
  }
}
