import type { PasskeyAccount } from '@rekey/sdk'
import { type ChainHistory, readHistory } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useTask } from '../../components/useTask.ts'
import { historyLines } from '../../flows/historyWords.ts'
import { formatTime } from '../../lib/format.ts'

type HistoryScreenProps = { account: PasskeyAccount; onLeave: () => void }

/** What happened to the account, as the networks tell it. */
export function HistoryScreen({ account, onLeave }: HistoryScreenProps) {
  const { config, address } = account
  const [histories, setHistories] = useState<readonly ChainHistory[]>()
  const [task, run] = useTask()
  const load = useCallback(
    () => void run('load', async (signal) => setHistories(await readHistory(config, { address, signal }))),
    [config, address, run],
  )
  useEffect(load, [load])
  const lines = histories && historyLines(histories)
  const silent = histories?.flatMap((history) => ('error' in history ? [chainName(config, history.chainId)] : [])) ?? []
  return (
    <Page title="What happened">
      <p className="lead">
        Passkeys, guardians and recoveries of your account, the newest first. Everybody can see it.
      </p>
      <TaskError task={task} />
      {silent.length > 0 && (
        <p className="problem" role="alert">
          {silent.join(', ')}: no answer. What happened there is missing.
        </p>
      )}
      <section className="card">
        {!lines && (
          <p className="soft" role="status">
            Looking at the networks…
          </p>
        )}
        {lines?.length === 0 && <p>Nothing yet.</p>}
        {lines && lines.length > 0 && (
          <ol className="list" aria-label="What happened">
            {lines.map(({ key, kind, time, text, chainIds }) => (
              <li key={key} data-event={kind}>
                <div>
                  <p>{text}</p>
                  <p className="soft">
                    {time !== undefined && `${formatTime(time)} · `}
                    {chainIds.map((chainId) => chainName(config, chainId)).join(', ')}
                  </p>
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
      <div className="actions">
        <Button name="load" task={task} onClick={load}>
          Look again
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Back to your account
        </Button>
      </div>
    </Page>
  )
}
