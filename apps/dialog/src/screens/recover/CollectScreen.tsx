import type { RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { use, useState } from 'react'
import { ApprovedGuardians } from '../../components/ApprovedGuardians.tsx'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { ErrorNotice, TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { SignInContext, useProvidersIn } from '../../components/signInSite.ts'
import { Tiers } from '../../components/Tiers.tsx'
import { WaysToApprove } from '../../components/WaysToApprove.tsx'
import { allApprovals, countedApprovals, reachedSoFar } from '../../flows/recovery.ts'
import { recoveryLines } from '../../flows/recoveryLines.ts'
import type { Way } from '../../flows/remains.ts'
import { missingTitle, openWays, tooFewWords } from '../../flows/ways.ts'
import { publicPart } from '../../lib/publicPart.ts'
import { WayScreen } from '../ways/WayScreen.tsx'
import { RecoveryFacts } from './RecoveryFacts.tsx'
import { recoveryAsk } from './recoveryAsk.ts'
import type { RecoveryInHand } from './useRecovery.ts'

type CollectScreenProps = {
  config: RekeyConfig
  request: RecoveryRequest
  recovery: RecoveryInHand
  firstWay: Way | undefined
  onBack: (() => void) | undefined
  onStartAgain: () => void
}

/** Collects approvals: those who can give them, who has, and what is still needed. */
export function CollectScreen({ config, request, recovery, firstWay, onBack, onStartAgain }: CollectScreenProps) {
  const { policy } = request
  const { view, task, work } = recovery
  const approved = allApprovals(view)
  const { providers } = use(SignInContext)
  const ways = openWays(policy, approved, useProvidersIn(policy))
  // Opened by a guardian's answer, the page goes straight to where it is taken.
  const hasAnswer = window.location.hash.startsWith('#approval=')
  const [way, setWay] = useState(hasAnswer ? 'friend' : firstWay && ways.includes(firstWay) ? firstWay : undefined)
  const [missing] = useState(
    firstWay && !ways.includes(firstWay) && !hasAnswer ? missingTitle(firstWay, providers) : undefined,
  )
  if (way) {
    const ask = recoveryAsk(config, request, recovery)
    return <WayScreen way={way} config={config} ask={ask} onEnd={() => setWay(undefined)} />
  }
  const isEnough = reachedSoFar(policy, view) !== undefined
  return (
    <Page title={approved.length === 0 ? 'Show that it is your account' : 'Another approval'}>
      <ErrorNotice
        error={missing ? { title: missing, advice: 'These ways are left.', code: 'WAY_MISSING' } : undefined}
      />
      <TaskError task={task} />
      <section className="card">
        <h2>What it takes</h2>
        <Tiers {...policy} freezeHours={0} />
        <ApprovedGuardians policy={policy} approved={approved} />
        {approved.length > 0 && !isEnough && <p role="status">{tooFewWords(policy, approved)}</p>}
      </section>
      <div className="actions column">
        <WaysToApprove ways={ways} onWay={setWay} />
        {onBack && (
          <Button kind="quiet" onClick={onBack}>
            Back
          </Button>
        )}
      </div>
      {view.statuses.length > 0 && (
        <section className="card">
          <h2>Networks</h2>
          <ChainList config={config} lines={recoveryLines(view)} />
          {isEnough && view.approvals.length > 0 && (
            <Button name="submit" task={task} onClick={() => work('submit')}>
              Deliver it again
            </Button>
          )}
        </section>
      )}
      <RecoveryFacts request={publicPart(config, request, countedApprovals(view))} onStartAgain={onStartAgain} />
    </Page>
  )
}
