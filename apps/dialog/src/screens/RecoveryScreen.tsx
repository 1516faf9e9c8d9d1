import type { RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { useEffect, useReducer } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ChainList } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { useTask } from '../components/useTask.ts'
import {
  emptyRecoveryView,
  isDeliveryMissing,
  type RecoveryStep,
  readyAt,
  recoveryReducer,
  recoveryStep,
} from '../flows/recovery.ts'
import { recoveryLines } from '../flows/recoveryLines.ts'
import { parseApprovalCode } from '../lib/approvalCode.ts'
import { formatTime } from '../lib/format.ts'
import { keepRecovery } from '../lib/storage.ts'
import { AskGuardian } from './AskGuardian.tsx'

type RecoveryScreenProps = {
  config: RekeyConfig
  request: RecoveryRequest
  onDone: () => void
  onStartAgain: () => void
}

const titles: Readonly<Record<RecoveryStep, string>> = {
  collecting: 'Ask your guardian',
  waiting: 'Your guardian approved',
  ready: 'The waiting time is over',
  done: 'You are back',
  stopped: 'This recovery has ended',
}

const pollingInterval = 1_000

/** A recovery under way: follows it on every network, and does on each what can be done next. */
export function RecoveryScreen({ config, request, onDone, onStartAgain }: RecoveryScreenProps) {
  const [view, dispatch] = useReducer(recoveryReducer, { ...emptyRecoveryView, approvals: request.approvals.length })
  const [task, run] = useTask()
  const step = recoveryStep(view)

  useEffect(() => {
    const controller = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const statuses of request.watch({ signal: controller.signal, pollingInterval }))
        dispatch({ type: 'statusesRead', statuses })
    }
    void follow()
    return () => controller.abort()
  }, [request])

  const work = (what: 'submit' | 'execute'): void =>
    void run(what, async (signal) => {
      await request[what]({ signal, onProgress: (result) => dispatch({ type: 'chainSettled', result }) })
      dispatch({ type: 'statusesRead', statuses: await request.status() })
    })
  const addApproval = (text: string): void =>
    void run('submit', async (signal) => {
      const code = parseApprovalCode(text)
      await request.addApproval({ index: code?.index ?? -1, signature: code?.signature ?? '0x' })
      keepRecovery(request, localStorage)
      dispatch({ type: 'approvalsCounted', approvals: request.approvals.length })
      await request.submit({ signal, onProgress: (result) => dispatch({ type: 'chainSettled', result }) })
      dispatch({ type: 'statusesRead', statuses: await request.status() })
    })

  const time = readyAt(view)
  const lines = recoveryLines(view)
  return (
    <Page key={step} title={titles[step]}>
      <TaskError task={task} />
      {step === 'collecting' && <AskGuardian request={request} task={task} onApproval={addApproval} />}
      {step === 'waiting' && (
        <p className="lead">
          Your new passkey opens the account{time !== undefined && ` from ${formatTime(time)}`}. You can close this page
          and come back to it in this browser.
        </p>
      )}
      {step === 'ready' && <p className="lead">One more step puts your new passkey in and all old ones out.</p>}
      {step === 'done' && (
        <p className="lead">Your new passkey opens your account. The lost one opens nothing any more.</p>
      )}
      {step === 'stopped' && (
        <p className="lead">
          It was stopped, or too much time went by. Nothing changed; start again if you still need it.
        </p>
      )}
      {lines.length > 0 && (
        <section className="card">
          <h2>Networks</h2>
          <ChainList config={config} lines={lines} />
          {(isDeliveryMissing(view) || (view.approvals > 0 && step === 'collecting')) && (
            <Button name="submit" task={task} onClick={() => work('submit')}>
              Deliver it again
            </Button>
          )}
        </section>
      )}
      {step === 'ready' && (
        <div className="actions">
          <Button kind="primary" name="execute" task={task} onClick={() => work('execute')}>
            Finish
          </Button>
        </div>
      )}
      {step === 'done' && (
        <div className="actions">
          <Button kind="primary" onClick={onDone}>
            Go to your account
          </Button>
        </div>
      )}
      {step !== 'done' && (
        <details className="soft">
          <summary>Account and starting again</summary>
          <AddressText address={request.recovery.account} label="Account" />
          <Button kind="quiet" onClick={onStartAgain}>
            Forget this recovery and start again
          </Button>
        </details>
      )}
    </Page>
  )
}
