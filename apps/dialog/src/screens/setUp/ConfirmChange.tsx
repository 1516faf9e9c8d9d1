import { changeDelayDays, type PasskeyAccount, type Policy } from '@rekey/sdk'
import type { RecoveryPlan } from '@rekey/sdk/recovery'
import { use } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { PolicyDiffList } from '../../components/PolicyDiffList.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { diffLines } from '../../flows/diffWords.ts'
import { PlanActions } from './PlanActions.tsx'
import { PlanNetworks } from './PlanNetworks.tsx'
import { PlanScore } from './PlanScore.tsx'
import { usePlanWork } from './usePlanWork.ts'
import { Warnings } from './Warnings.tsx'

type ConfirmChangeProps = {
  account: PasskeyAccount
  plan: RecoveryPlan
  before: Policy
  onBack: () => void
  onDone: () => void
}

/** The third step of a change: what is different from now, when it counts, and one approval to announce it. */
export function ConfirmChange({ account, plan, before, onBack, onDone }: ConfirmChangeProps) {
  const { config } = account
  const work = usePlanWork(account, plan)
  const lines = diffLines(before, plan.policy, use(SignInContext).providers)
  const days = changeDelayDays(before)
  if (lines.length === 0)
    return (
      <Page title="Nothing would change">
        <p className="lead">Guardians and ways are the same as now. There is nothing to approve.</p>
        <div className="actions">
          <Button kind="primary" onClick={onBack}>
            Back
          </Button>
          <Button onClick={onDone}>Go to your account</Button>
        </div>
      </Page>
    )
  return (
    <Page title={work.isDone ? 'The change is announced' : 'Change guardians: is this right?'}>
      {!work.isDone && <p className="soft">Step 3 of 3</p>}
      <p className="lead">
        {work.isDone
          ? `Your guardians stay as they are for ${days} days. Then open “Change guardians” again and put it in force; until then you can call it off there.`
          : 'You approve once, for all networks. It costs you nothing.'}
      </p>
      <section className="card">
        <h2>What changes</h2>
        <PolicyDiffList lines={lines} />
        {!work.isDone && (
          <div className="notice">
            <strong>It waits {days} days.</strong>
            <span>
              Until then the guardians you have now count. The wait keeps a thief with your passkey from taking your
              guardians away from you.
            </span>
          </div>
        )}
        {!work.isDone && <PlanScore plan={plan} />}
        <Warnings warnings={plan.warnings} />
      </section>
      <TaskError task={work.task} />
      <PlanNetworks config={config} work={work} done="Announced" />
      <PlanActions work={work} onBack={onBack} onDone={onDone} />
    </Page>
  )
}
