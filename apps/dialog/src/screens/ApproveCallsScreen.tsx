import { type PasskeyAccount, sendCalls } from '@rekey/sdk'
import type { CallsStatus, DialogRequest } from '@rekey/sdk/dialog'
import { useEffect, useState } from 'react'
import { formatEther, maxUint256 } from 'viem'
import { AddressGroups } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { chainName } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { useTask } from '../components/useTask.ts'
import { toCallsStatus } from '../lib/callsStatus.ts'
import { callsToSign, type ReviewedCall, reviewCalls } from '../lib/reviewCalls.ts'
import { formatTokenAmount, readToken, type TokenFacts } from '../lib/tokens.ts'

type ApproveCallsScreenProps = {
  account: PasskeyAccount
  app: string
  request: DialogRequest & { method: 'wallet_sendCalls' }
  onAnswer: (status: CallsStatus) => void
  onRefuse: () => void
}

/** Shows what an app wants the account to do. What is shown is what is signed. */
export function ApproveCallsScreen({ account, app, request, onAnswer, onRefuse }: ApproveCallsScreenProps) {
  const { config, address } = account
  const [review] = useState(() => reviewCalls(request, [address, ...Object.values(config.contracts)]))
  const [task, run] = useTask()
  const { chainId } = review

  const approve = (): void =>
    void run('approve', async (signal) => {
      const sent = await sendCalls(account, { chainId, calls: callsToSign(review), signal })
      onAnswer(await toCallsStatus(config, sent, request.callsId))
    })

  return (
    <Page title="Approve this?">
      <p className="lead">
        <strong>{new URL(app).host}</strong> wants your account to do this on{' '}
        <strong>{chainName(config, chainId)}</strong>.
      </p>
      <TaskError task={task} />
      {review.calls.map((call, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a review never move.
        <CallCard key={place} account={account} chainId={chainId} call={call} />
      ))}
      <div className="actions">
        <Button kind="primary" name="approve" task={task} onClick={approve}>
          Approve with passkey
        </Button>
        <Button onClick={onRefuse}>Refuse</Button>
      </div>
      <details className="soft">
        <summary>Details</summary>
        <p>
          Fingerprint of the whole: <code>{review.fingerprint}</code>
        </p>
      </details>
    </Page>
  )
}

function CallCard({ account, chainId, call }: { account: PasskeyAccount; chainId: number; call: ReviewedCall }) {
  const { action, value, touchesAccount } = call
  const { to, data } = call.call
  const isToken = action.kind === 'transfer' || action.kind === 'approve'
  const [token, setToken] = useState<TokenFacts>()
  const { config } = account
  useEffect(() => {
    let isShown = true
    if (isToken)
      void readToken(config, { chainId, address: to }).then((facts) => {
        if (isShown) setToken(facts)
      })
    return () => {
      isShown = false
    }
  }, [config, chainId, to, isToken])

  return (
    <section className="card">
      <h2>{headings[action.kind]}</h2>
      {isToken && (
        <p className="amount">
          {action.kind === 'approve' && action.amount === maxUint256
            ? `Unlimited ${token?.symbol ?? 'tokens'}`
            : formatTokenAmount(action.amount, token)}
        </p>
      )}
      {(value > 0n || action.kind === 'pay') && <p className="amount">{formatEther(value)} ETH</p>}
      <dl className="facts">
        {isToken && (
          <div>
            <dt>{action.kind === 'transfer' ? 'To' : 'Who may take them'}</dt>
            <dd>
              <AddressGroups address={action.recipient} label={action.kind === 'transfer' ? 'Recipient' : 'Taker'} />
            </dd>
          </div>
        )}
        <div>
          <dt>{isToken ? 'Token' : action.kind === 'pay' ? 'To' : 'Contract'}</dt>
          <dd>
            <AddressGroups address={to} label={isToken ? 'Token' : 'Recipient'} />
          </dd>
        </div>
      </dl>
      {action.kind === 'raw' && (
        <>
          <div className="notice warning">
            <strong>This page can’t read what this does.</strong>
            <span>Approve it only if you trust the app. It could move anything your account owns.</span>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
          <section className="raw code" tabIndex={0} aria-label="Data of the call">
            {data}
          </section>
        </>
      )}
      {touchesAccount && (
        <div className="notice warning">
          <strong>This changes your account itself.</strong>
          <span>No app needs that. Refuse it unless you know exactly why it asks.</span>
        </div>
      )}
    </section>
  )
}

const headings = { pay: 'Send', transfer: 'Send', approve: 'Let somebody take tokens', raw: 'Call a contract' } as const
