import type { PasskeyAccount } from '@rekey/sdk'
import { loadFreeze, startFreeze } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Modal } from '../../components/Modal.tsx'
import { Page } from '../../components/Page.tsx'
import { useGuardianRequest } from '../../components/useGuardianRequest.ts'
import { newestPolicy, usePolicies } from '../../components/usePolicies.ts'
import { usePolled } from '../../components/usePolled.ts'
import { freezeLines, stoppedUntil } from '../../flows/freezeWords.ts'
import type { Path } from '../../flows/route.ts'
import { formatDuration, formatTime } from '../../lib/format.ts'
import { findFreezeStates } from '../../lib/freezeStates.ts'
import { FreezeUnderWay } from './FreezeUnderWay.tsx'

type FreezeScreenProps = { account: PasskeyAccount; onGoTo: (path: Path) => void }

/** The emergency stop: what it does, for how long, and how it is asked for. */
export function FreezeScreen({ account, onGoTo }: FreezeScreenProps) {
  const { config, address } = account
  const freeze = useGuardianRequest(account, 'freeze', loadFreeze)
  const { found } = usePolicies(account)
  const [states, load] = usePolled(account, findFreezeStates)
  const [isAsking, setAsking] = useState(false)
  const { request, isLoading, task, begin, forget } = freeze
  const leave = (): void => onGoTo('/')
  const hours = newestPolicy(found ?? [])?.policy.freezeHours
  const until = states && stoppedUntil(states)

  if (request && until === undefined)
    return (
      <FreezeUnderWay
        config={config}
        request={request}
        freeze={freeze}
        hasAnswer={window.location.hash.startsWith('#approval=')}
        onStopped={async () => {
          await load()
          forget()
        }}
        onLeave={leave}
      />
    )
  return (
    <Page title={until === undefined ? 'Stop the account' : 'The account is stopped'}>
      <p className="lead">
        {until === undefined
          ? 'For when somebody else has your passkey. It wins time for a recovery.'
          : `Nothing leaves it until ${formatTime(until)}. A recovery by your guardians ends the stop earlier.`}
      </p>
      <TaskError task={task} />
      {until === undefined && (
        <section className="card">
          <h2>What it does</h2>
          <ul className="notes">
            <li>
              The account sends and signs nothing{hours ? ` for ${formatDuration(hours * 3_600)}` : ''}: for a thief,
              and for you.
            </li>
            <li>One of your guardians has to approve it. Your passkey alone can’t, so a thief can’t either.</li>
            <li>
              Nobody can lift it early, except your guardians by a recovery. Afterwards it can’t be done again for 30
              days.
            </li>
          </ul>
          {(found === undefined || isLoading) && <p className="soft">Looking at the networks…</p>}
          {found !== undefined && !isLoading && !hours && (
            <div className="notice">
              <strong>Your guardians can’t do that yet.</strong>
              <span>Allow it first: in the second step of “Change guardians”. It counts after the usual wait.</span>
            </div>
          )}
        </section>
      )}
      {states && (
        <section className="card">
          <h2>Networks</h2>
          <ChainList config={config} lines={freezeLines(states)} />
        </section>
      )}
      <div className="actions">
        {until === undefined && hours !== undefined && hours > 0 && (
          <Button kind="danger" name="begin" task={task} onClick={() => setAsking(true)}>
            Stop the account…
          </Button>
        )}
        {found !== undefined && !hours && (
          <Button
            kind="primary"
            onClick={() => onGoTo(found.some(({ policy }) => policy) ? '/change-guardians' : '/set-up')}
          >
            {found.some(({ policy }) => policy) ? 'Change guardians' : 'Set up recovery'}
          </Button>
        )}
        {until !== undefined && (
          <Button kind="primary" onClick={() => onGoTo('/recover')}>
            Recover the account
          </Button>
        )}
        <Button kind="quiet" onClick={leave}>
          Back to your account
        </Button>
      </div>
      {isAsking && hours !== undefined && (
        <Modal title={`Stop it for ${formatDuration(hours * 3_600)}?`} onClose={() => setAsking(false)}>
          <div className="stack">
            <p>You can’t use the account either, and you can’t take this back. It begins when a guardian approves.</p>
            <div className="actions">
              <Button
                kind="danger"
                onClick={() => {
                  setAsking(false)
                  begin((signal) => startFreeze(config, { account: address, signal }))
                }}
              >
                Ask a guardian
              </Button>
              <Button onClick={() => setAsking(false)}>Not now</Button>
            </div>
          </div>
        </Modal>
      )}
    </Page>
  )
}
