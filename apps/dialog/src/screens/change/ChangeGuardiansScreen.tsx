import type { PasskeyAccount } from '@rekey/sdk'
import type { ChainChange } from '@rekey/sdk/recovery'
import { use, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { Page } from '../../components/Page.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { newestPolicy, usePolicies } from '../../components/usePolicies.ts'
import { livingChange } from '../../flows/changeWords.ts'
import type { Path } from '../../flows/route.ts'
import { beginChange } from '../../flows/setUp.ts'
import { SetUpScreen } from '../setUp/SetUpScreen.tsx'
import { PendingChangeScreen } from './PendingChangeScreen.tsx'

type ChangeGuardiansScreenProps = {
  account: PasskeyAccount
  /** What is announced on each network; `undefined` while it is looked for. */
  changes: readonly ChainChange[] | undefined
  loadChanges: () => Promise<void>
  onGoTo: (path: Path) => void
}

const endings = {
  applied: ['The change is in force', 'Your new guardians count now, on every network that took it.'],
  cancelled: [
    'The change was called off',
    'Your guardians stay as they are. If it was not you who announced it, somebody has a passkey of yours: remove those that you do not know.',
  ],
} as const

/** Changing guardians: what is announced already, or else the way to announce another policy. */
export function ChangeGuardiansScreen({ account, changes, loadChanges, onGoTo }: ChangeGuardiansScreenProps) {
  const { found, unreachable, load } = usePolicies(account)
  const { providers } = use(SignInContext)
  const [ended, setEnded] = useState<keyof typeof endings>()
  const [isEditing, setEditing] = useState(false)
  const leave = (): void => onGoTo('/')
  const newest = newestPolicy(found ?? [])
  const pending = changes && livingChange(changes)

  if (ended)
    return (
      <Page title={endings[ended][0]}>
        <p className="lead">{endings[ended][1]}</p>
        <Button kind="primary" onClick={leave}>
          Go to your account
        </Button>
      </Page>
    )
  if (!found || !changes)
    return (
      <Page title="Change guardians">
        <p className="soft" role="status">
          Looking at the networks…
        </p>
      </Page>
    )
  // Somebody who is choosing goes on choosing, also while what they signed arrives on one network after the other.
  if (pending && !isEditing)
    return (
      <PendingChangeScreen
        account={account}
        changes={changes}
        change={pending}
        found={found}
        onEnded={async (how) => {
          setEnded(how)
          await Promise.all([load(), loadChanges()])
        }}
        onChanged={loadChanges}
        onLeave={leave}
      />
    )
  if (newest)
    return (
      <SetUpScreen
        account={account}
        initial={beginChange(newest.policy, providers)}
        onBegun={() => setEditing(true)}
        onLeave={() => {
          void loadChanges()
          leave()
        }}
      />
    )
  return (
    <Page title="Change guardians">
      <p className="lead">
        {found.length === 0
          ? 'The networks do not answer. Your guardians are as they were.'
          : 'Your account has no guardians yet.'}
      </p>
      <div className="actions">
        {unreachable.length > 0 && (
          <Button kind="primary" onClick={() => void load()}>
            Try again
          </Button>
        )}
        {found.length > 0 && (
          <Button kind="primary" onClick={() => onGoTo('/set-up')}>
            Set up recovery
          </Button>
        )}
        <Button onClick={leave}>Back to your account</Button>
      </div>
    </Page>
  )
}
