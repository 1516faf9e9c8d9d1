import { alignChains, type ChainResult, type PasskeyAccount } from '@rekey/sdk'
import { useReducer } from 'react'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer } from '../flows/chainProgress.ts'

type AlignNoticeProps = { account: PasskeyAccount; chainIds: readonly number[]; onAligned: () => Promise<void> }

/** Some networks have other guardians, or none: brings them in line with one approval. */
export function AlignNotice({ account, chainIds, onAligned }: AlignNoticeProps) {
  const { config } = account
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const align = (): void =>
    void run('align', async (signal) => {
      dispatch({ type: 'restarted', chainIds })
      const plan = await alignChains(account, { signal })
      await plan.apply({ signal, onProgress: (result: ChainResult) => dispatch({ type: 'settled', result }) })
      await onAligned()
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
