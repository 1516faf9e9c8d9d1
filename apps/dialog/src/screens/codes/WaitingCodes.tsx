import type { ChainResult, PasskeyAccount } from '@rekey/sdk'
import type { CodeReplacement, CodeReplacementStatus } from '@rekey/sdk/codes'
import { useCallback, useEffect, useReducer, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { type ChainLine, ChainList, progressLines } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useTask } from '../../components/useTask.ts'
import { chainProgressReducer } from '../../flows/chainProgress.ts'
import { formatTime } from '../../lib/format.ts'

type WaitingCodesProps = {
  account: PasskeyAccount
  replacement: CodeReplacement
  /** The replacement is over: in force everywhere, or called off. */
  onOver: () => void
  onLeave: () => void
}

/** The second phase: the new codes wait, then they are put in force, or called off. */
export function WaitingCodes({ account, replacement, onOver, onLeave }: WaitingCodesProps) {
  const { config } = account
  const [statuses, setStatuses] = useState<readonly CodeReplacementStatus[]>()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const load = useCallback(async () => setStatuses(await replacement.status()), [replacement])
  useEffect(() => {
    void load()
  }, [load])
  const work = (what: 'apply' | 'cancel' | 'announce'): void =>
    void run(what, async (signal) => {
      dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      const onProgress = (result: ChainResult): void => dispatch({ type: 'settled', result })
      const results = await replacement[what]({ signal, onProgress })
      if (what !== 'announce' && results.every(({ status }) => status !== 'failed')) onOver()
      else await load()
    })
  const isMissing = statuses?.some(({ state }) => state === 'none')
  return (
    <Page title="New codes are waiting">
      <p className="lead">
        Until they are in force the old codes work, and only these. After the time below, press “Put in force”.
      </p>
      <TaskError task={task} />
      <section className="card">
        <h2>Networks</h2>
        {!statuses && <p className="soft">Looking at the networks…</p>}
        {statuses && <ChainList config={config} lines={statuses.map(toLine)} />}
        {progress.length > 0 && task.status !== 'failed' && (
          <ChainList
            config={config}
            lines={progressLines(progress, { working: 'Delivering', done: 'Done', failed: 'Not done' })}
          />
        )}
      </section>
      <div className="actions">
        <Button kind="primary" name="apply" task={task} onClick={() => work('apply')}>
          Put in force
        </Button>
        {isMissing && (
          <Button name="announce" task={task} onClick={() => work('announce')}>
            Announce on the others
          </Button>
        )}
        <Button kind="danger" name="cancel" task={task} onClick={() => work('cancel')}>
          Call them off
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Back to your account
        </Button>
      </div>
    </Page>
  )
}

function toLine({ chainId, state, readyAt }: CodeReplacementStatus): ChainLine {
  switch (state) {
    case 'none':
      return { chainId, tone: 'open', text: 'Not announced' }
    case 'announced':
      return { chainId, tone: 'working', text: readyAt === undefined ? 'Waits' : `From ${formatTime(readyAt)}` }
    case 'inForce':
      return { chainId, tone: 'done', text: 'In force' }
  }
}
