import type { PasskeyAccount } from '@rekey/sdk'
import { recoveryPhrase, vetoRecovery } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useReducer, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import { formatTime } from '../lib/format.ts'
import { findPendingRecoveries, type PendingRecovery } from '../lib/pendingRecoveries.ts'

/** Warns of recoveries that wait, and stops them on all networks with one approval. */
export function PendingRecoveryBanner({ account }: { account: PasskeyAccount }) {
  const [pending, setPending] = useState<readonly PendingRecovery[]>([])
  const load = useCallback(async () => setPending(await findPendingRecoveries(account)), [account])
  useEffect(() => {
    void load()
  }, [load])
  return pending.map((recovery) => (
    <PendingNotice key={recovery.digest} account={account} recovery={recovery} onStopped={load} />
  ))
}

type PendingNoticeProps = { account: PasskeyAccount; recovery: PendingRecovery; onStopped: () => Promise<void> }

function PendingNotice({ account, recovery, onStopped }: PendingNoticeProps) {
  const { config } = account
  const [task, run] = useTask()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const stop = (): void =>
    void run('stop', async (signal) => {
      dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      const { digest } = recovery
      const onProgress = (result: Awaited<ReturnType<typeof vetoRecovery>>[number]) =>
        dispatch({ type: 'settled', result })
      const results = await vetoRecovery(account, { digest, signal, onProgress })
      if (results.every(({ status }) => status !== 'failed')) await onStopped()
    })
  return (
    <section className="notice warning stack" aria-label="Recovery under way">
      <strong>Somebody is recovering this account.</strong>
      <span>
        A guardian approved a new passkey. All others, this one too, stop working then. Its phrase is{' '}
        <strong>{recoveryPhrase(recovery.digest)}</strong>. If it was not you, stop it now.
      </span>
      <ul className="notes">
        {recovery.chains.map(({ chainId, readyAt }) => (
          <li key={chainId}>
            {chainName(config, chainId)}: possible from {formatTime(readyAt)}
          </li>
        ))}
      </ul>
      <TaskError task={task} />
      {progress.length > 0 && !isAllDone(progress) && (
        <ChainList
          config={config}
          lines={progressLines(progress, { working: 'Stopping', done: 'Stopped', failed: 'Failed' })}
        />
      )}
      <div className="actions">
        <Button kind="danger" name="stop" task={task} onClick={stop}>
          It was not me: stop it
        </Button>
      </div>
    </section>
  )
}
