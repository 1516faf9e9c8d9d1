import { alignChains, type ChainResult, type PasskeyAccount } from '@rekey/sdk'
import { useReducer } from 'react'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer } from '../flows/chainProgress.ts'
import { keepPlan, readPlan } from '../lib/keptPlan.ts'

type AlignNoticeProps = { account: PasskeyAccount; chainIds: readonly number[]; onAligned: () => Promise<void> }

/** Some networks have other guardians, or none: delivers what was signed there or, without that, what others have. */
export function AlignNotice({ account, chainIds, onAligned }: AlignNoticeProps) {
  const { config } = account
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const align = (): void =>
    void run('align', async (signal) => {
      dispatch({ type: 'restarted', chainIds })
      const onProgress = (result: ChainResult): void => dispatch({ type: 'settled', result })
      const plan = readPlan(account, localStorage)
      const results = await (plan ?? (await alignChains(account, { signal }))).apply({ signal, onProgress })
      const isDone = results.every(({ status }) => status !== 'failed')
      // Where a contract refuses the plan it no longer fits: the next try compares the networks.
      const isRefused = results.some(({ error }) => error?.code.startsWith('CONTRACT_'))
      if (isDone || isRefused) keepPlan(account, undefined, localStorage)
      if (isDone) await onAligned()
    })
  return (
    <div className="notice warning stack">
      <strong>Not protected everywhere.</strong>
      <span>
        {chainIds.map((id) => chainName(config, id)).join(', ')}: no guardians there, or older ones. Something was
        interrupted, or the network was added later.
      </span>
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <ChainList
          config={config}
          lines={progressLines(progress, { working: 'Delivering', done: 'Protected', failed: 'Failed' })}
        />
      )}
      <Button name="align" task={task} onClick={align}>
        Protect the others too
      </Button>
    </div>
  )
}
