import type { RekeyConfig } from '@rekey/sdk'
import { loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'
import { useEffect, useReducer, useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ChainList, progressLines } from '../components/ChainList.tsx'
import { ErrorNotice, TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import { formatApprovalLink } from '../lib/approvalCode.ts'
import { errorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'
import { type AnnouncedWallet, connectWallet, discoverWallets } from '../lib/wallets.ts'

/** A guardian's page: opened by a link, needs no account here. */
export function GuardianScreen({ config }: { config: RekeyConfig }) {
  const [loaded] = useState(() => load(config))
  if ('error' in loaded)
    return (
      <Page title="This link does not work">
        <ErrorNotice error={loaded.error} />
      </Page>
    )
  return <ApprovalScreen config={config} request={loaded.request} />
}

function load(config: RekeyConfig): { request: RecoveryRequest } | { error: ReturnType<typeof errorText> } {
  try {
    return { request: loadRecovery(config, window.location.href) }
  } catch (error) {
    return { error: errorText(error) }
  }
}

/** Says what an approval does, has a wallet sign it, and hands it back or delivers it. */
function ApprovalScreen({ config, request }: { config: RekeyConfig; request: RecoveryRequest }) {
  const [wallets, setWallets] = useState<readonly AnnouncedWallet[]>([])
  const [link, setLink] = useState<string>()
  const [task, run] = useTask()
  useEffect(
    () => discoverWallets((wallet) => setWallets((known) => [...known.filter(({ id }) => id !== wallet.id), wallet])),
    [],
  )
  const approve = (wallet: AnnouncedWallet): void =>
    void run(wallet.id, async () => {
      const { index, signature } = await request.approve({ wallet: await connectWallet(wallet) })
      setLink(formatApprovalLink(`${window.location.origin}/recover`, { digest: request.digest, index, signature }))
    })

  if (link !== undefined) return <ApprovedScreen config={config} request={request} link={link} />
  return (
    <Page title="Let somebody back into their account?">
      <p className="lead">The owner of this account lost their passkey, and named you as a guardian.</p>
      <div className="notice warning">
        <strong>Talk to them first.</strong>
        <span>
          Call or meet them. A message can come from somebody else. Approve only if they read you these words:
        </span>
      </div>
      <section className="card">
        <p className="phrase">{request.phrase}</p>
        <dl className="facts">
          <div>
            <dt>Account</dt>
            <dd>
              <AddressText address={request.recovery.account} label="Account" />
            </dd>
          </div>
          <div>
            <dt>What happens</dt>
            <dd>A new passkey opens the account on every network. All its other passkeys stop working.</dd>
          </div>
          <div>
            <dt>Valid until</dt>
            <dd>{formatTime(request.recovery.deadline)}</dd>
          </div>
        </dl>
      </section>
      <TaskError task={task} />
      {wallets.length === 0 ? (
        <div className="notice">
          <strong>No wallet found in this browser.</strong>
          <span>Open this link in the browser that has your guardian wallet.</span>
        </div>
      ) : (
        <div className="stack">
          <p className="soft">Your wallet signs a message. It costs nothing and moves nothing of yours.</p>
          <div className="actions">
            {wallets.map((wallet) => (
              <Button key={wallet.id} kind="primary" name={wallet.id} task={task} onClick={() => approve(wallet)}>
                Approve with {wallet.name}
              </Button>
            ))}
          </div>
        </div>
      )}
    </Page>
  )
}

type ApprovedScreenProps = { config: RekeyConfig; request: RecoveryRequest; link: string }

/** The approval is there: deliver it, or send it back. */
function ApprovedScreen({ config, request, link }: ApprovedScreenProps) {
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [isCopied, setCopied] = useState(false)
  const [task, run] = useTask()
  const deliver = (): void =>
    void run('deliver', async (signal) => {
      if (progress.length === 0) dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      else dispatch({ type: 'retried' })
      await request.submit({ signal, onProgress: (result) => dispatch({ type: 'settled', result }) })
    })
  return (
    <Page title="You approved">
      <p className="lead">
        {isAllDone(progress)
          ? 'The account goes to its new passkey when the waiting time is over.'
          : 'Nothing has happened yet. Deliver your approval, or send it back to the owner.'}
      </p>
      <TaskError task={task} />
      <section className="card">
        <h2>Deliver it for them</h2>
        <p className="soft">It goes to every network. You pay nothing.</p>
        {progress.length > 0 && (
          <ChainList
            config={config}
            lines={progressLines(progress, { working: 'Delivering', done: 'Delivered', failed: 'Failed' })}
          />
        )}
        {isAllDone(progress) ? (
          <p>
            <strong>Delivered.</strong> The owner’s page goes on by itself. You can close this one.
          </p>
        ) : (
          <Button kind="primary" name="deliver" task={task} onClick={deliver}>
            {progress.length > 0 && task.status === 'idle' ? 'Try again' : 'Deliver approval'}
          </Button>
        )}
      </section>
      <section className="card">
        <h2>Or send it back</h2>
        <TextField label="Your approval" value={link} isLong isCode onChange={() => {}} />
        <Button onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}>
          {isCopied ? 'Copied' : 'Copy approval'}
        </Button>
        <span className="visually-hidden" role="status">
          {isCopied ? 'Approval copied' : ''}
        </span>
      </section>
    </Page>
  )
}
