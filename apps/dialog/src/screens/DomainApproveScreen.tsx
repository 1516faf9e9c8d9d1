import {
  approvePasskey,
  type PasskeyAccount,
  type PasskeyRequest,
  passkeyRequestDigest,
  readPasskeyRequest,
} from '@rekey/sdk'
import { recoveryPhrase } from '@rekey/sdk/recovery'
import { useReducer, useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ChainList, progressLines } from '../components/ChainList.tsx'
import { ErrorNotice, TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import { type ErrorText, errorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'
import { plainText } from '../lib/plainText.ts'

type DomainApproveScreenProps = { account: PasskeyAccount; onLeave: () => void }

/** Asks the account's owner whether a passkey of another domain may open it: opened by a link. */
export function DomainApproveScreen({ account, onLeave }: DomainApproveScreenProps) {
  const [loaded] = useState(() => load(window.location.href))
  if ('error' in loaded)
    return (
      <Page title="This link does not work">
        <ErrorNotice error={loaded.error} />
        <Button onClick={onLeave}>Go to your account</Button>
      </Page>
    )
  return <ApprovalForm account={account} request={loaded.request} onLeave={onLeave} />
}

function load(link: string): { request: PasskeyRequest } | { error: ErrorText } {
  try {
    return { request: readPasskeyRequest(link) }
  } catch (error) {
    return { error: errorText(error) }
  }
}

function ApprovalForm({ account, request, onLeave }: DomainApproveScreenProps & { request: PasskeyRequest }) {
  const { config } = account
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const isDone = isAllDone(progress)
  const approve = (): void =>
    void run('approve', async (signal) => {
      if (progress.length === 0) dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      else dispatch({ type: 'retried' })
      await approvePasskey(account, request, { signal, onProgress: (result) => dispatch({ type: 'settled', result }) })
    })
  return (
    <Page title={isDone ? 'The passkey was added' : `Let ${request.passkey.rpId} open your account?`}>
      <p className="lead">
        {isDone
          ? `Your account opens on ${request.passkey.rpId} too, even if this page goes away. You can close this one.`
          : 'A new passkey on another domain asks to open your account. It will be able to do everything.'}
      </p>
      {!isDone && (
        <div className="notice warning">
          <strong>Only if you are doing this yourself, right now.</strong>
          <span>Nobody who helps you needs this. Your other screen has to show these words:</span>
        </div>
      )}
      <section className="card">
        {!isDone && <p className="phrase">{recoveryPhrase(passkeyRequestDigest(request))}</p>}
        <dl className="facts">
          <div>
            <dt>Domain</dt>
            <dd>
              <strong>{request.passkey.rpId}</strong>
            </dd>
          </div>
          <div>
            <dt>Name of the new passkey</dt>
            <dd>{plainText(request.name) || 'None'}</dd>
          </div>
          <div>
            <dt>Account</dt>
            <dd>
              <AddressText address={request.account} label="Account" />
            </dd>
          </div>
          {!isDone && (
            <div>
              <dt>Valid until</dt>
              <dd>{formatTime(request.expiresAt)}</dd>
            </div>
          )}
        </dl>
        {progress.length > 0 && task.status !== 'failed' && (
          <ChainList
            config={config}
            lines={progressLines(progress, { working: 'Waiting for your passkey', done: 'Added', failed: 'Failed' })}
          />
        )}
      </section>
      <TaskError task={task} />
      <div className="actions">
        {isDone ? (
          <Button kind="primary" onClick={onLeave}>
            Go to your account
          </Button>
        ) : (
          <>
            <Button kind="primary" name="approve" task={task} onClick={approve}>
              {progress.length > 0 && task.status === 'idle' ? 'Try again' : 'Add with passkey'}
            </Button>
            <Button onClick={onLeave}>Don’t add</Button>
          </>
        )}
      </div>
    </Page>
  )
}
