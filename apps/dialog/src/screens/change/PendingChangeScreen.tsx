import { type PasskeyAccount, type Policy, policyId } from '@rekey/sdk'
import { applyChange, type ChainChange, cancelChange, type PendingChange } from '@rekey/sdk/recovery'
import { use, useEffect, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { ChainList } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { PolicyDiffList } from '../../components/PolicyDiffList.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { useChainWork } from '../../components/useChainWork.ts'
import { type FoundPolicy, newestPolicy } from '../../components/usePolicies.ts'
import { WorkList } from '../../components/WorkList.tsx'
import { changeKindWords, changeLines, missingChains, readyChains } from '../../flows/changeWords.ts'
import { diffLines } from '../../flows/diffWords.ts'
import { keepPlan, readPlan } from '../../lib/keptPlan.ts'
import { findAnnouncedPolicy } from '../../lib/pendingChanges.ts'

type PendingChangeScreenProps = {
  account: PasskeyAccount
  changes: readonly ChainChange[]
  change: PendingChange
  found: readonly FoundPolicy[]
  onEnded: (how: 'applied' | 'cancelled') => Promise<void>
  /** Something moved on a network. */
  onChanged: () => Promise<void>
  onLeave: () => void
}

/** A change that waits: what it would change, where it stands, and how it is put in force or called off. */
export function PendingChangeScreen(props: PendingChangeScreenProps) {
  const { account, changes, change, found, onEnded, onChanged, onLeave } = props
  const { config } = account
  const work = useChainWork(config)
  const [plan] = useState(() => readPlan(account, localStorage))
  const inForce = found.flatMap(({ chainId, policy }) =>
    change.kind === 'policy' && policy && policyId(policy.bytes) === change.value.toLowerCase() ? [chainId] : [],
  )
  const ready = readyChains(changes, change)
  const missing = missingChains(changes, change, inForce)
  const apply = (): void =>
    work.start('apply', (parameters) => applyChange(account, { ...parameters, chainIds: ready }), {
      chainIds: ready,
      onEnd: () => onEnded('applied'),
    })
  const cancel = (): void =>
    work.start('cancel', (parameters) => cancelChange(account, { ...parameters, change }), {
      onEnd: () => {
        keepPlan(account, undefined, localStorage)
        return onEnded('cancelled')
      },
    })
  const announce = (): void => {
    if (plan)
      work.start('announce', (parameters) => plan.apply({ ...parameters, chainIds: missing }), {
        chainIds: missing,
        onEnd: () => {
          keepPlan(account, undefined, localStorage)
          return onChanged()
        },
      })
  }
  return (
    <Page title="A change is waiting">
      <p className="lead">
        {changeKindWords[change.kind]} If it was not you, call it off now. If it was, come back after the wait and put
        it in force here: nothing happens by itself.
      </p>
      <TaskError task={work.task} />
      {change.kind === 'policy' && (
        <AnnouncedDiff account={account} change={change} before={newestPolicy(found)?.policy} />
      )}
      <section className="card">
        <h2>Networks</h2>
        <ChainList config={config} lines={changeLines(changes, change, inForce)} />
        <WorkList config={config} work={work} working="Delivering" done="Done" />
      </section>
      <div className="actions">
        {ready.length > 0 && (
          <Button kind="primary" name="apply" task={work.task} onClick={apply}>
            Put in force
          </Button>
        )}
        {plan && missing.length > 0 && policyId(plan.bytes) === change.value.toLowerCase() && (
          <Button name="announce" task={work.task} onClick={announce}>
            Announce on the others
          </Button>
        )}
        <Button kind="danger" name="cancel" task={work.task} onClick={cancel}>
          Call it off
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Back to your account
        </Button>
      </div>
    </Page>
  )
}

type AnnouncedDiffProps = { account: PasskeyAccount; change: PendingChange; before: Policy | undefined }

/** What the announced policy would change, read from the networks: whoever announced it. */
function AnnouncedDiff({ account: { config, address }, change: { value }, before }: AnnouncedDiffProps) {
  const { providers } = use(SignInContext)
  const [announced, setAnnounced] = useState<{ readonly policy: Policy | undefined }>()
  useEffect(() => {
    let isShown = true
    void findAnnouncedPolicy(config, { address, change: { value } }).then((policy) => {
      if (isShown) setAnnounced({ policy })
    })
    return () => {
      isShown = false
    }
  }, [config, address, value])
  const lines = announced?.policy && diffLines(before, announced.policy, providers)
  return (
    <section className="card">
      <h2>What would change</h2>
      {!announced && <p className="soft">Reading what is announced…</p>}
      {lines && lines.length > 0 && <PolicyDiffList lines={lines} />}
      {lines?.length === 0 && <p>Nothing: these are the guardians that count now.</p>}
      {announced && !announced.policy && (
        <p className="problem">No network that answers shows what was announced. If it was not you, call it off.</p>
      )}
    </section>
  )
}
