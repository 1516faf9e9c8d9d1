import type { PasskeyAccount } from '@rekey/sdk'
import {
  type ChainPolicy,
  getPolicy,
  type PolicyWarning,
  planRecovery,
  type RecoveryPlan,
  walletGuardian,
} from '@rekey/sdk/recovery'
import { type FormEvent, useCallback, useEffect, useReducer, useState } from 'react'
import { AddressGroups } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { TextField } from '../components/TextField.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer, isAllDone } from '../flows/chainProgress.ts'
import { emptyGuardianForm, guardianAddress, guardianFormReducer, guardianProblems } from '../flows/guardianPlan.ts'
import { formatDuration } from '../lib/format.ts'

/** What a network says about the account's guardians. */
type Found = { readonly chainId: number; readonly policy: ChainPolicy | undefined }

const warnings: Readonly<Record<PolicyWarning, string>> = {
  instantSingle: 'One guardian alone could take your account at once.',
  singleGuardian: 'You have one guardian only. If their wallet is lost, so is this way back.',
  singleKind: 'All your guardians are of one kind, and could be lost in one way.',
  thiefCanVeto: 'Somebody who steals your passkey could stop a recovery. A second kind of guardian would prevent that.',
}

/** Who can give the account back; names a guardian on all networks with one approval. */
export function GuardiansSection({ account, onChanged }: { account: PasskeyAccount; onChanged: () => void }) {
  const [found, setFound] = useState<readonly Found[]>()
  const { config, address } = account
  const load = useCallback(async () => {
    const read = config.chains.map(async ({ id }) => ({
      chainId: id,
      policy: await getPolicy(config, { address, chainId: id }),
    }))
    setFound(
      (await Promise.allSettled(read)).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    )
  }, [config, address])
  useEffect(() => {
    void load()
  }, [load])

  const policy = found?.find((entry) => entry.policy)?.policy
  const unprotected = found?.filter((entry) => !entry.policy) ?? []
  return (
    <section className="card" data-section="guardians">
      <h2>Guardians</h2>
      {found === undefined && <p className="soft">Looking at the networks…</p>}
      {policy && <PolicyFacts policy={policy} />}
      {policy && unprotected.length > 0 && (
        <div className="notice warning">
          <strong>Not protected everywhere.</strong>
          <span>No guardian on {unprotected.map(({ chainId }) => chainName(config, chainId)).join(', ')}.</span>
        </div>
      )}
      {found !== undefined && !policy && (
        <NameGuardian
          account={account}
          onApplied={async () => {
            await load()
            onChanged()
          }}
        />
      )}
    </section>
  )
}

function PolicyFacts({ policy: { policy } }: { policy: ChainPolicy }) {
  return (
    <>
      <ul className="list">
        {policy.guardians.map(({ signer, isHidden }) => (
          <li key={signer}>
            <div>
              <strong>{isHidden ? 'A hidden guardian' : 'Wallet'}</strong>
              <p>
                <AddressGroups address={signer} label="Guardian" />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <Tiers tiers={policy.tiers} />
    </>
  )
}

function Tiers({ tiers }: { tiers: RecoveryPlan['tiers'] }) {
  return (
    <ul className="notes soft">
      {tiers.map(({ kinds, weight, delay, isVetoable }) => (
        <li key={`${kinds}-${weight}-${delay}`}>
          {kinds > 1 ? `${kinds} kinds of guardians` : weight > 1 ? `${weight} guardians` : 'One guardian'} can let you
          back in {delay === 0 ? 'at once' : `after ${formatDuration(delay)}`}
          {isVetoable && delay > 0 ? '; until then you can stop it with your passkey' : ''}.
        </li>
      ))}
    </ul>
  )
}

function NameGuardian({ account, onApplied }: { account: PasskeyAccount; onApplied: () => Promise<void> }) {
  const { config, address } = account
  const [form, dispatchForm] = useReducer(guardianFormReducer, emptyGuardianForm)
  const [plan, setPlan] = useState<RecoveryPlan>()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [task, run] = useTask()

  const review = (event: FormEvent): void => {
    event.preventDefault()
    const submitted = { type: 'submitted', account: address } as const
    dispatchForm(submitted)
    const guardian = guardianAddress(form)
    if (!guardian || guardianFormReducer(form, submitted).problem) return
    void run('review', async () => {
      setPlan(await planRecovery(account, { guardians: [walletGuardian(guardian)], preset: 'careful' }))
    })
  }
  const apply = (chosen: RecoveryPlan): void =>
    void run('apply', async (signal) => {
      if (progress.length === 0) dispatch({ type: 'restarted', chainIds: config.chains.map(({ id }) => id) })
      else dispatch({ type: 'retried' })
      const results = await chosen.apply({ signal, onProgress: (result) => dispatch({ type: 'settled', result }) })
      if (results.every(({ status }) => status !== 'failed')) await onApplied()
    })

  if (!plan)
    return (
      <form className="stack" onSubmit={review} noValidate>
        <p>
          If you lose your passkey, a guardian lets you back in. They never hold your money, and can do nothing without
          you noticing.
        </p>
        <TaskError task={task} />
        <TextField
          label="Wallet address of your guardian"
          hint="A wallet of somebody you trust, or one you keep elsewhere."
          value={form.text}
          problem={form.problem && guardianProblems[form.problem]}
          isCode
          onChange={(text) => dispatchForm({ type: 'typed', text })}
        />
        <Button kind="primary" name="review" task={task}>
          Review
        </Button>
      </form>
    )
  return (
    <div className="stack">
      <h3>Is this right?</h3>
      {plan.policy.guardians.map(({ signer }) => (
        <p key={signer}>
          <AddressGroups address={signer} label="Guardian" />
        </p>
      ))}
      <Tiers tiers={plan.tiers} />
      {plan.warnings.length > 0 && (
        <div className="notice warning">
          <strong>Good to know</strong>
          {plan.warnings.map((warning) => (
            <span key={warning}>{warnings[warning]}</span>
          ))}
        </div>
      )}
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <ChainList
          config={config}
          lines={progressLines(progress, { working: 'Delivering', done: 'Protected', failed: 'Failed' })}
        />
      )}
      <div className="actions">
        <Button kind="primary" name="apply" task={task} onClick={() => apply(plan)}>
          {progress.length > 0 && !isAllDone(progress) && task.status === 'idle'
            ? 'Try the others again'
            : 'Confirm with passkey'}
        </Button>
        <Button task={task} onClick={() => setPlan(undefined)}>
          Back
        </Button>
      </div>
    </div>
  )
}
