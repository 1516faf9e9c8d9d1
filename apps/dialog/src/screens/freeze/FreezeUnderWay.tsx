import type { RekeyConfig } from '@rekey/sdk'
import type { GuardianRequest } from '@rekey/sdk/recovery'
import { use, useState } from 'react'
import { ApprovedGuardians } from '../../components/ApprovedGuardians.tsx'
import { ArrivalContext } from '../../components/arrival.ts'
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
import { formatDuration } from '../../lib/format.ts'
import { WayScreen } from '../ways/WayScreen.tsx'

type FreezeUnderWayProps = {
  config: RekeyConfig
  request: GuardianRequest<'Freeze'>
  freeze: RequestInHand<GuardianRequest<'Freeze'>>
  /** The page was opened by a guardian's answer. */
  hasAnswer: boolean
  onStopped: () => Promise<void>
  onLeave: () => void
}

/** Asks one guardian to stop the account, then stops it on every network. */
export function FreezeUnderWay({ config, request, freeze, hasAnswer, onStopped, onLeave }: FreezeUnderWayProps) {
  const { policy, ask } = request
  const { approved, toAsk, forget } = freeze
  const isApproved = approved.length > 0
  const { arrival } = use(ArrivalContext)
  const [way, setWay] = useState<Way | undefined>(arrival?.way ?? (hasAnswer && !isApproved ? 'friend' : undefined))
  const signIns = useProvidersIn(policy)
  const work = useChainWork(config)
  if (way) return <WayScreen way={way} config={config} ask={toAsk(request)} onEnd={() => setWay(undefined)} />
  const duration = formatDuration(ask.message.duration)
  return (
    <Page title={isApproved ? 'Approved: stop it now?' : 'Ask one guardian'}>
      <p className="lead">
        {isApproved
          ? `The account then does nothing for ${duration}, on every network. You can’t take it back.`
          : `One approval is enough to stop the account for ${duration}. It has to come within a day.`}
      </p>
      <TaskError task={work.task} />
      <section className="card">
        <h2>Guardians</h2>
        <ApprovedGuardians policy={policy} approved={approved} />
        <WorkList config={config} work={work} working="Stopping" done="Stopped" />
      </section>
      <div className="actions column">
        {isApproved ? (
          <Button
            kind="danger"
            name="stop"
            task={work.task}
            onClick={() => work.start('stop', (parameters) => request.submit(parameters), { onEnd: onStopped })}
          >
            {work.isPartial ? 'Try the others again' : `Stop it for ${duration}`}
          </Button>
        ) : (
          <WaysToApprove ways={openWays(policy, approved, signIns)} onWay={setWay} />
        )}
        <Button kind="quiet" task={work.task} onClick={forget}>
          Don’t stop it
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Back to your account
        </Button>
      </div>
    </Page>
  )
}
