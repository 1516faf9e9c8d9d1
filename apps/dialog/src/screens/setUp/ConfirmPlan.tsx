import type { PasskeyAccount } from '@rekey/sdk'
import type { RecoveryPlan } from '@rekey/sdk/recovery'
import { useReducer } from 'react'
import { size } from 'viem'
import { AddressGroups } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { ChainList, progressLines } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Tiers } from '../../components/Tiers.tsx'
import { useTask } from '../../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../../flows/chainProgress.ts'
import { choiceWords, warningWords } from '../../flows/policyWords.ts'
import type { ChosenGuardian } from '../../flows/setUp.ts'
import { keepPlan } from '../../lib/keptPlan.ts'

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
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()
  const isDone = isAllDone(progress)
  const isPartial = progress.length > 0 && !isDone && task.status === 'idle'
  const apply = (): void =>
    void run('apply', async (signal) => {
      if (progress.length === 0) dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      else dispatch({ type: 'retried' })
      const results = await plan.apply({
        signal,
        onProgress: (result) => {
          dispatch({ type: 'settled', result })
          // What is signed is kept: a page that is closed half way goes on without another prompt.
          keepPlan(account, plan, localStorage)
        },
      })
      if (results.every(({ status }) => status !== 'failed')) keepPlan(account, undefined, localStorage)
    })
  return (
    <Page title={isDone ? 'Recovery is set up' : 'Set up recovery: is this right?'}>
      {!isDone && <p className="soft">Step 3 of 3</p>}
      <p className="lead">
        {isDone
          ? 'If you lose your passkey, open this page on any device and choose “I lost my passkey”.'
          : 'You approve once, for all networks. It costs you nothing.'}
      </p>
      <section className="card">
        <h2>Who can let you back in</h2>
        <ul className="list">
          {guardians.map(({ choice, input }) => (
            <li key={input.signer}>
              <div>
                <strong>{input.name ? `${choiceWords[choice]}: ${input.name}` : choiceWords[choice]}</strong>
                {size(input.signer) === 20 && choice !== 'passphrase' && (
                  <p>
                    <AddressGroups address={input.signer} label={`Guardian`} />
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
        <h2>How</h2>
        <Tiers tiers={plan.tiers} />
        {plan.warnings.length > 0 && (
          <div className="notice warning">
            <strong>Good to know</strong>
            <ul className="notes">
              {plan.warnings.map((warning) => (
                <li key={warning} data-warning={warning}>
                  {warningWords[warning]}
                </li>
              ))}
            </ul>
          </div>
        )}
      </section>
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <section className="card">
          <h2>Networks</h2>
          <ChainList
            config={config}
            lines={progressLines(progress, { working: 'Delivering', done: 'Protected', failed: 'Failed' })}
          />
          {isPartial && (
            <p className="soft">
              What is done stays done. Try the others again now, or later from your account page; it takes no new
              set-up.
            </p>
          )}
        </section>
      )}
      <div className="actions">
        {isDone ? (
          <Button kind="primary" onClick={onDone}>
            Go to your account
          </Button>
        ) : (
          <>
            <Button kind="primary" name="apply" task={task} onClick={apply}>
              {isPartial ? 'Try the others again' : 'Confirm with passkey'}
            </Button>
            {progress.length === 0 || task.status === 'failed' ? (
              <Button task={task} onClick={onBack}>
                Back
              </Button>
            ) : (
              <Button task={task} onClick={onDone}>
                Later
              </Button>
            )}
          </>
        )}
      </div>
    </Page>
  )
}
