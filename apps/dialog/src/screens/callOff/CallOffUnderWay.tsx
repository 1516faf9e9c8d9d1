import type { RekeyConfig } from '@rekey/sdk'
import { canCallOff, type GuardianRequest, recoveryPhrase } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { ApprovedGuardians } from '../../components/ApprovedGuardians.tsx'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import { useChainWork } from '../../components/useChainWork.ts'
import type { RequestInHand } from '../../components/useGuardianRequest.ts'
import { WaysToApprove } from '../../components/WaysToApprove.tsx'
import { WorkList } from '../../components/WorkList.tsx'
import type { Way } from '../../flows/remains.ts'
import { openWays } from '../../flows/ways.ts'
import { WayScreen } from '../ways/WayScreen.tsx'

type CallOffUnderWayProps = {
  config: RekeyConfig
  request: GuardianRequest<'GuardianCancel'>
  callOff: RequestInHand<GuardianRequest<'GuardianCancel'>>
  /** Forgets it: it is done, or not wanted any more. */
  onEnd: () => void
}

/** Who of the guardians wants the recovery to end, and then its end on every network. */
export function CallOffUnderWay({ config, request, callOff, onEnd }: CallOffUnderWayProps) {
  const { policy, ask } = request
  const { approved, toAsk } = callOff
  const signIns = useProvidersIn(policy)
  const work = useChainWork(config)
  const isEnough = canCallOff(policy, approved)
  const hasAnswer = window.location.hash.startsWith('#approval=')
  const [way, setWay] = useState<Way | undefined>(hasAnswer && !isEnough ? 'friend' : undefined)
  if (way) return <WayScreen way={way} config={config} ask={toAsk(request)} onEnd={() => setWay(undefined)} />
  const ways = openWays(policy, approved, signIns)
  return (
    <Page key={String(work.isDone)} title={work.isDone ? 'The recovery was called off' : 'Call this recovery off?'}>
      <p className="lead">
        {work.isDone
          ? 'It is over on every network, for good. Nothing changed in the account.'
          : 'It ends on every network, also where it has not begun, and can’t be taken up again.'}
      </p>
      <TaskError task={work.task} />
      <section className="card">
        <h2>The recovery</h2>
        <p className="phrase">{recoveryPhrase(ask.message.recovery)}</p>
        <h2>Who wants it to end</h2>
        <ApprovedGuardians policy={policy} approved={approved} />
        {!isEnough && (
          <p role="status">
            {approved.length === 0
              ? 'It takes as many guardians as the strongest way back into the account does.'
              : 'That is not enough yet: it takes as many guardians as the strongest way back into the account does.'}
          </p>
        )}
        <WorkList config={config} work={work} working="Calling off" done="Called off" />
      </section>
      <div className="actions column">
        {!work.isDone && isEnough && (
          <Button
            kind="danger"
            name="callOff"
            task={work.task}
            onClick={() => work.start('callOff', (parameters) => request.submit(parameters))}
          >
            {work.isPartial ? 'Try the others again' : 'Call it off on every network'}
          </Button>
        )}
        {!work.isDone && !isEnough && <WaysToApprove ways={ways} onWay={setWay} />}
        <Button kind="quiet" task={work.task} onClick={onEnd}>
          {work.isDone ? 'Close' : 'Don’t call it off'}
        </Button>
      </div>
    </Page>
  )
}
