import type { ChainResult, PasskeyAccount } from '@rekey/sdk'
import { recoveryPhrase, vetoRecovery } from '@rekey/sdk/recovery'
import { useReducer, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import { formatTime } from '../lib/format.ts'
import type { PendingRecovery } from '../lib/pendingRecoveries.ts'

type PendingRecoveryBannerProps = {
  account: PasskeyAccount
  pending: readonly PendingRecovery[]
  onStopped: () => Promise<void>
}

/** Warns of recoveries that wait, on every screen, and stops them on all networks with one approval. */
export function PendingRecoveryBanner({ account, pending, onStopped }: PendingRecoveryBannerProps) {
  const [hasStopped, setStopped] = useState(false)
  return (
    <>
      {pending.map((recovery) => (
        <PendingNotice
          key={recovery.digest}
          account={account}
          recovery={recovery}
          onStopped={async () => {
            await onStopped()
            setStopped(true)
          }}
        />
      ))}
      {hasStopped && pending.length === 0 && (
        <section className="notice good" aria-label="Recovery stopped">
          <strong role="status">The recovery was stopped on every network. Your account is as it was.</strong>
          <span>
            Somebody used one of your guardians. Ask them how, and if it was a code, make new codes. Remove passkeys
            that you do not know.
          </span>
        </section>
      )}
    </>
  )
}

type PendingNoticeProps = { account: PasskeyAccount; recovery: PendingRecovery; onStopped: () => Promise<void> }

function PendingNotice({ account, recovery, onStopped }: PendingNoticeProps) {
  const { config } = account
  const [task, run] = useTask()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const stop = (): void =>
    void run('stop', async (signal) => {
      if (progress.length === 0) dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      else dispatch({ type: 'retried' })
      const onProgress = (result: ChainResult): void => dispatch({ type: 'settled', result })
      const results = await vetoRecovery(account, { digest: recovery.digest, signal, onProgress })
      if (results.every(({ status }) => status !== 'failed')) await onStopped()
    })
  const phrase = recoveryPhrase(recovery.digest)
  const isPartial = progress.length > 0 && task.status === 'idle' && !isAllDone(progress)
  return (
    <section className="notice warning stack" aria-label={`Recovery under way: ${phrase}`}>
      <strong role="alert">Somebody is recovering this account.</strong>
      <span>
        A guardian approved a new passkey. All others, this one too, stop working then. Its words are{' '}
        <strong>{phrase}</strong>. If it was not you, stop it now.
      </span>
      <ul className="notes">
        {recovery.chains.map(({ chainId, readyAt }) => (
          <li key={chainId}>
            {chainName(config, chainId)}: possible from {formatTime(readyAt)}
          </li>
        ))}
      </ul>
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <ChainList
          config={config}
          lines={progressLines(progress, { working: 'Stopping', done: 'Stopped', failed: 'Failed' })}
        />
      )}
      <div className="actions">
        <Button kind="danger" name="stop" task={task} onClick={stop}>
          {isPartial ? 'Try the others again' : 'It was not me: stop it'}
        </Button>
      </div>
    </section>
  )
}
