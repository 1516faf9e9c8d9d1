import type { PasskeyAccount } from '@rekey/sdk'
import type { RecoveryPlan } from '@rekey/sdk/recovery'
import { AddressGroups } from '../../components/AddressText.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Tiers } from '../../components/Tiers.tsx'
import { chosenTitle, isAddressShown } from '../../flows/policyWords.ts'
import type { ChosenGuardian } from '../../flows/setUp.ts'
import { PlanActions } from './PlanActions.tsx'
import { PlanNetworks } from './PlanNetworks.tsx'
import { PlanScore } from './PlanScore.tsx'
import { usePlanWork } from './usePlanWork.ts'
import { Warnings } from './Warnings.tsx'

type ConfirmPlanProps = {
  account: PasskeyAccount
  plan: RecoveryPlan
  guardians: readonly ChosenGuardian[]
  onBack: () => void
  onDone: () => void
}

/** The third step: all of it on one screen, one approval, and how it goes on each network. */
export function ConfirmPlan({ account, plan, guardians, onBack, onDone }: ConfirmPlanProps) {
  const { config } = account
  const work = usePlanWork(account, plan)
  return (
    <Page title={work.isDone ? 'Recovery is set up' : 'Set up recovery: is this right?'}>
      {!work.isDone && <p className="soft">Step 3 of 3</p>}
      <p className="lead">
        {work.isDone
          ? 'If you lose your passkey, open this page on any device and choose “I lost my passkey”.'
          : 'You approve once, for all networks. It costs you nothing.'}
      </p>
      <section className="card">
        <h2>Who can let you back in</h2>
        <ul className="list">
          {guardians.map((guardian) => (
            <li key={guardian.input.signer}>
              <div>
                <strong>{chosenTitle(guardian)}</strong>
                {isAddressShown(guardian.input) && (
                  <p>
                    <AddressGroups address={guardian.input.signer} label="Guardian" />
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
        <h2>How</h2>
        <Tiers {...plan.policy} />
        {!work.isDone && <PlanScore plan={plan} />}
        <Warnings warnings={plan.warnings} />
      </section>
      <TaskError task={work.task} />
      <PlanNetworks config={config} work={work} done="Protected" />
      <PlanActions work={work} onBack={onBack} onDone={onDone} />
    </Page>
  )
}
