import type { PasskeyAccount } from '@rekey/sdk'
import { recoveryPhrase, vetoRecovery } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { chainName } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { useChainWork } from '../components/useChainWork.ts'
import { WorkList } from '../components/WorkList.tsx'
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
  const work = useChainWork(config)
  const { task, isPartial } = work
  const stop = (): void =>
    work.start('stop', (parameters) => vetoRecovery(account, { digest: recovery.digest, ...parameters }), {
      onEnd: onStopped,
    })
  const phrase = recoveryPhrase(recovery.digest)
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
      <WorkList config={config} work={work} working="Stopping" done="Stopped" />
      <div className="actions">
        <Button kind="danger" name="stop" task={task} onClick={stop}>
          {isPartial ? 'Try the others again' : 'It was not me: stop it'}
        </Button>
      </div>
    </section>
  )
}
