import type { RekeyConfig } from '@rekey/sdk'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { ErrorNotice, TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Tiers } from '../../components/Tiers.tsx'
import { guardianTitle } from '../../flows/policyWords.ts'
import { allApprovals, reachedSoFar } from '../../flows/recovery.ts'
import { recoveryLines } from '../../flows/recoveryLines.ts'
import type { Way } from '../../flows/remains.ts'
import { missingWords, openWays, wayWords } from '../../flows/ways.ts'
import { AskGuardian } from './AskGuardian.tsx'
import { ByCode } from './ByCode.tsx'
import { ByPassphrase } from './ByPassphrase.tsx'
import { ByWallet } from './ByWallet.tsx'
import { RecoveryFacts } from './RecoveryFacts.tsx'
import type { RecoveryInHand } from './useRecovery.ts'

/** What every way to approve takes. */
export type WayProps = {
  config: RekeyConfig
  request: RecoveryRequest
  recovery: RecoveryInHand
  /** The approval was taken, or the owner went back. */
  onEnd: () => void
}

const screens: Readonly<Record<Way, (props: WayProps) => React.ReactNode>> = {
  code: ByCode,
  passphrase: ByPassphrase,
  wallet: ByWallet,
  friend: AskGuardian,
}

type CollectScreenProps = Omit<WayProps, 'onEnd'> & {
  firstWay: Way | undefined
  onBack: (() => void) | undefined
  onStartAgain: () => void
}

/** Collects approvals: those who can give them, who has, and what is still needed. */
export function CollectScreen({ config, request, recovery, firstWay, onBack, onStartAgain }: CollectScreenProps) {
  const { policy } = request
  const { view, task, work } = recovery
  const approved = allApprovals(view)
  const ways = openWays(policy, approved)
  // Opened by a guardian's answer, the page goes straight to where it is taken.
  const hasAnswer = window.location.hash.startsWith('#approval=')
  const [way, setWay] = useState(hasAnswer ? 'friend' : firstWay && ways.includes(firstWay) ? firstWay : undefined)
  const [missing] = useState(firstWay && !ways.includes(firstWay) && !hasAnswer ? missingWords[firstWay] : undefined)
  if (way) {
    const WayScreen = screens[way]
    return <WayScreen config={config} request={request} recovery={recovery} onEnd={() => setWay(undefined)} />
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
        <Tiers tiers={policy.tiers} />
        <ul className="list" aria-label="Guardians">
          {policy.guardians.map((guardian, index) => (
            <li key={guardian.signer} data-approved={approved.includes(index)}>
              <span>{guardianTitle(guardian)}</span>
              <span className="soft">{approved.includes(index) ? '✓ Approved' : 'Not yet'}</span>
            </li>
          ))}
        </ul>
        {approved.length > 0 && !isEnough && <p role="status">That is not enough yet. Add another kind of guardian.</p>}
      </section>
      <div className="actions column">
        {ways.map((one) => (
          <Button key={one} kind={one === ways[0] ? 'primary' : 'secondary'} onClick={() => setWay(one)}>
            {wayWords[one]}
          </Button>
        ))}
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
      <RecoveryFacts request={request} onStartAgain={onStartAgain} />
    </Page>
  )
}
