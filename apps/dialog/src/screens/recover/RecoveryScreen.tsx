import type { RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { use, useState } from 'react'
import { ArrivalContext } from '../../components/arrival.ts'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { SignInAgain } from '../../components/SignInAgain.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import { expiredSignIns } from '../../flows/expiredSignIns.ts'
import { countedApprovals, isDeliveryMissing, type RecoveryStep, readyAt } from '../../flows/recovery.ts'
import { recoveryLines } from '../../flows/recoveryLines.ts'
import type { Way } from '../../flows/remains.ts'
import { formatTime } from '../../lib/format.ts'
import { publicPart } from '../../lib/publicPart.ts'
import { WayScreen } from '../ways/WayScreen.tsx'
import { CollectScreen } from './CollectScreen.tsx'
import { RecoveryFacts } from './RecoveryFacts.tsx'
import { recoveryAsk } from './recoveryAsk.ts'
import { useRecovery } from './useRecovery.ts'

type RecoveryScreenProps = {
  config: RekeyConfig
  request: RecoveryRequest
  /** The new passkey is on another device; this one helps. */
  isFromElsewhere: boolean
  /** What its owner said they still have. */
  firstWay: Way | undefined
  /** Told whether the new passkey is on this device. */
  onDone: (isHere: boolean) => void
  onStartAgain: () => void
}

const titles: Readonly<Record<Exclude<RecoveryStep, 'collecting'>, string>> = {
  waiting: 'Approved: now it waits',
  ready: 'The waiting time is over',
  partial: 'Recovered on some networks',
  done: 'You are back',
  stopped: 'This recovery has ended',
}

/** A recovery under way: follows it on every network, and does on each what can be done next. */
export function RecoveryScreen(props: RecoveryScreenProps) {
  const { config, request, isFromElsewhere, firstWay, onDone, onStartAgain } = props
  const recovery = useRecovery(config, request)
  const [isAdding, setAdding] = useState(false)
  const { arrival } = use(ArrivalContext)
  const [again, setAgain] = useState<Way | undefined>(arrival?.way)
  const signIns = useProvidersIn(request.policy)
  const { view, step, task, work } = recovery
  const now = Math.floor(Date.now() / 1_000)
  const expired = expiredSignIns(view, { ...request, signIns, now })
  if (again) {
    const ask = recoveryAsk(config, request, recovery)
    return <WayScreen way={again} config={config} ask={ask} onEnd={() => setAgain(undefined)} />
  }
  if (step === 'collecting' || (isAdding && step === 'waiting'))
    return (
      <CollectScreen
        config={config}
        request={request}
        recovery={recovery}
        firstWay={isAdding ? undefined : firstWay}
        onBack={isAdding ? () => setAdding(false) : undefined}
        onStartAgain={onStartAgain}
      />
    )
  const time = readyAt(view)
  return (
    <Page key={step} title={step === 'done' && isFromElsewhere ? 'The account is recovered' : titles[step]}>
      <TaskError task={task} />
      <p className="lead">{leads[step]({ time, isFromElsewhere })}</p>
      <section className="card">
        <h2>Networks</h2>
        <ChainList config={config} lines={recoveryLines(view)} />
        {(isDeliveryMissing(view) || step === 'partial') && expired.length === 0 && (
          <Button name="submit" task={task} onClick={() => work('submit')}>
            Deliver it again
          </Button>
        )}
        {expired.length > 0 && <SignInAgain ways={expired} onWay={setAgain} />}
      </section>
      <div className="actions">
        {step === 'ready' && (
          <Button kind="primary" name="execute" task={task} onClick={() => work('execute')}>
            Finish
          </Button>
        )}
        {(step === 'done' || step === 'partial') && (
          <Button kind="primary" onClick={() => onDone(!isFromElsewhere)}>
            {isFromElsewhere ? 'Close' : 'Go to your account'}
          </Button>
        )}
        {step === 'waiting' && <Button onClick={() => setAdding(true)}>Make it faster with another guardian</Button>}
        {step === 'stopped' && (
          <Button kind="primary" onClick={onStartAgain}>
            Start again
          </Button>
        )}
      </div>
      {step !== 'done' && step !== 'stopped' && (
        <RecoveryFacts request={publicPart(config, request, countedApprovals(view))} onStartAgain={onStartAgain} />
      )}
    </Page>
  )
}

type LeadFacts = { time: number | undefined; isFromElsewhere: boolean }

const leads: Readonly<Record<Exclude<RecoveryStep, 'collecting'>, (facts: LeadFacts) => string>> = {
  waiting: ({ time }) =>
    `The new passkey opens the account${time === undefined ? ' soon' : ` from ${formatTime(time)}`}. Until then a passkey that still works can stop it. You can close this page and come back to it in this browser.`,
  ready: () => 'One more step puts the new passkey in and all old ones out. It costs nothing.',
  partial: () =>
    'The new passkey works there already. What is missing can be delivered as soon as the network answers.',
  done: ({ isFromElsewhere }) =>
    isFromElsewhere
      ? 'Go to the device that has the new passkey, and sign in there.'
      : 'Your new passkey opens your account on every network named below. The lost one opens nothing any more.',
  stopped: () => 'Nothing changed in the account. Below is why, for each network.',
}
