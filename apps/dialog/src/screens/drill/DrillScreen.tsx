import type { PasskeyAccount } from '@rekey/sdk'
import { loadDrill, startDrill } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useGuardianRequest } from '../../components/useGuardianRequest.ts'
import type { Path } from '../../flows/route.ts'
import { DrillUnderWay } from './DrillUnderWay.tsx'

type DrillScreenProps = { account: PasskeyAccount; onGoTo: (path: Path) => void }

/** A drill: guardians show that they could help, and nothing happens. */
export function DrillScreen({ account, onGoTo }: DrillScreenProps) {
  const { config, address } = account
  const drill = useGuardianRequest(account, 'drill', loadDrill)
  const [isRecorded, setRecorded] = useState(false)
  const { request, isLoading, task, begin, forget } = drill
  const hasAnswer = window.location.hash.startsWith('#approval=')
  if (isRecorded)
    return (
      <Page title="The drill is recorded">
        <p className="lead">The networks now say when these guardians last showed that they could help.</p>
        <Button kind="primary" onClick={() => onGoTo('/safety')}>
          Back to the safety check
        </Button>
      </Page>
    )
  if (request)
    return (
      <DrillUnderWay
        config={config}
        request={request}
        drill={drill}
        hasAnswer={hasAnswer}
        onRecorded={() => {
          forget()
          setRecorded(true)
        }}
        onLeave={() => onGoTo('/safety')}
      />
    )
  return (
    <Page title="Hold a drill">
      <p className="lead">
        Your guardians sign a message that can do nothing. You see whether they are there, know what to do, and are
        enough.
      </p>
      <TaskError task={task} />
      {isLoading && <p className="soft">Opening the drill that is under way…</p>}
      {!isLoading && hasAnswer && (
        <div className="notice warning">
          <strong>This answer is for a drill of another browser.</strong>
          <span>Open it where you began the drill, or paste it there.</span>
        </div>
      )}
      {!isLoading && (
        <section className="card">
          <ul className="notes">
            <li>It costs nothing, and your account stays as it is.</li>
            <li>You send each guardian a link, and get an answer back. They have two weeks.</li>
            <li>Codes and a passphrase can be tried, too. No code is used up.</li>
          </ul>
          <Button
            kind="primary"
            name="begin"
            task={task}
            onClick={() => begin((signal) => startDrill(config, { account: address, signal }))}
          >
            Begin the drill
          </Button>
        </section>
      )}
      <Button kind="quiet" onClick={() => onGoTo('/safety')}>
        Back to the safety check
      </Button>
    </Page>
  )
}
