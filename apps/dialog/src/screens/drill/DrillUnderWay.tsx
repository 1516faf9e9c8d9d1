import type { RekeyConfig } from '@rekey/sdk'
import type { Drill, DrillOutcome } from '@rekey/sdk/recovery'
import { use, useEffect, useState } from 'react'
import { ApprovedGuardians } from '../../components/ApprovedGuardians.tsx'
import { ArrivalContext } from '../../components/arrival.ts'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import { useChainWork } from '../../components/useChainWork.ts'
import type { RequestInHand } from '../../components/useGuardianRequest.ts'
import { WaysToApprove } from '../../components/WaysToApprove.tsx'
import { WorkList } from '../../components/WorkList.tsx'
import { drillLines } from '../../flows/drillWords.ts'
import type { Way } from '../../flows/remains.ts'
import { openWays } from '../../flows/ways.ts'
import { formatTime } from '../../lib/format.ts'
import { WayScreen } from '../ways/WayScreen.tsx'

type DrillUnderWayProps = {
  config: RekeyConfig
  request: Drill
  drill: RequestInHand<Drill>
  /** The page was opened by a guardian's answer. */
  hasAnswer: boolean
  onRecorded: () => void
  onLeave: () => void
}

/** Who has answered, what they could do on each network, and who can still be asked. */
export function DrillUnderWay({ config, request, drill, hasAnswer, onRecorded, onLeave }: DrillUnderWayProps) {
  const { policy } = request
  const { approved, toAsk, forget } = drill
  const { arrival } = use(ArrivalContext)
  const [way, setWay] = useState<Way | undefined>(arrival?.way ?? (hasAnswer ? 'friend' : undefined))
  const outcomes = useOutcomes(request, approved)
  const signIns = useProvidersIn(policy)
  const work = useChainWork(config)
  const ways = openWays(policy, approved, signIns)
  if (way) return <WayScreen way={way} config={config} ask={toAsk(request)} onEnd={() => setWay(undefined)} />
  const record = (): void => work.start('record', (parameters) => request.submit(parameters), { onEnd: onRecorded })
  return (
    <Page title="A drill is under way">
      <p className="lead">
        Nothing that is approved here can do anything. Guardians can answer until{' '}
        {formatTime(request.ask.message.deadline)}.
      </p>
      <TaskError task={work.task} />
      <section className="card">
        <h2>Who has answered</h2>
        <ApprovedGuardians policy={policy} approved={approved} />
      </section>
      {ways.length > 0 && (
        <div className="actions column">
          <WaysToApprove ways={ways} onWay={setWay} />
        </div>
      )}
      <section className="card">
        <h2>What they could do</h2>
        {approved.length === 0 && <p className="soft">Shown as soon as one of them has answered.</p>}
        {approved.length > 0 && !outcomes && <p className="soft">Asking the networks…</p>}
        {outcomes && <ChainList config={config} lines={drillLines(policy, outcomes)} />}
        <WorkList config={config} work={work} working="Recording" done="Recorded" />
        {approved.length > 0 && (
          <>
            <p className="soft">
              Record it when nobody else will answer: then the networks keep who was there, and the safety check knows.
            </p>
            <Button name="record" task={work.task} onClick={record}>
              {work.isPartial ? 'Try the others again' : 'Record and end the drill'}
            </Button>
          </>
        )}
      </section>
      <div className="actions">
        <Button kind="quiet" onClick={onLeave}>
          Back to the safety check
        </Button>
        <Button kind="quiet" onClick={forget}>
          End it without recording
        </Button>
      </div>
    </Page>
  )
}

/** What the networks say to the approvals so far; asked again with each that comes. */
function useOutcomes(request: Drill, approved: readonly number[]): readonly DrillOutcome[] | undefined {
  const [outcomes, setOutcomes] = useState<readonly DrillOutcome[]>()
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    if (approved.length > 0)
      void request.test({ signal }).then((answers) => {
        if (!signal.aborted) setOutcomes(answers)
      })
    return () => controller.abort()
  }, [request, approved])
  return approved.length > 0 ? outcomes : undefined
}
