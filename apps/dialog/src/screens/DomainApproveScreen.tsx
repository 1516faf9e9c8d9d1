import {
  approvePasskey,
  type PasskeyAccount,
  type PasskeyRequest,
  passkeyRequestDigest,
  readPasskeyRequest,
} from '@rekey/sdk'
import { recoveryPhrase } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ErrorNotice, TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { useChainWork } from '../components/useChainWork.ts'
import { WorkList } from '../components/WorkList.tsx'
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
  const work = useChainWork(config)
  const { task, isDone, isPartial } = work
  const approve = (): void => work.start('approve', (parameters) => approvePasskey(account, request, parameters))
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
        <WorkList config={config} work={work} working="Waiting for your passkey" done="Added" />
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
              {isPartial ? 'Try again' : 'Add with passkey'}
            </Button>
            <Button onClick={onLeave}>Don’t add</Button>
          </>
        )}
      </div>
    </Page>
  )
}
