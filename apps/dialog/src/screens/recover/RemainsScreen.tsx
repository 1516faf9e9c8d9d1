import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import { use } from 'react'
import { Button } from '../../components/Button.tsx'
import { ErrorNotice, TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { useTask } from '../../components/useTask.ts'
import { type Lead, leadOf, type Remaining, remainings } from '../../flows/remains.ts'
import { enterAccount } from '../../lib/enterAccount.ts'
import type { ErrorText } from '../../lib/errorText.ts'

type RemainsScreenProps = {
  config: RekeyConfig
  error: ErrorText | undefined
  onAccount: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onLead: (lead: Lead) => void
  onLeave: () => void
}

/** The first screen of a recovery: what is left decides the way. */
export function RemainsScreen({ config, error, onAccount, onFailed, onLead, onLeave }: RemainsScreenProps) {
  const { providers } = use(SignInContext)
  const [task, run] = useTask()
  const choose = (what: Remaining): void => {
    const lead = leadOf(what)
    if (lead !== 'signIn') onLead(lead)
    else void run(what, (signal) => enterAccount({ config, onAccount, onFailed }, { signal }))
  }
  return (
    <Page title="What do you still have?">
      <p className="lead">Choose the first that you have. Nothing is changed before you confirm it.</p>
      <ErrorNotice error={error} />
      <TaskError task={task} />
      <section className="card">
        <ul className="list">
          {remainings(providers).map(({ what, title, hint }) => (
            <li key={what} className="choose">
              <Button name={what} task={task} describedBy={`hint-${what}`} onClick={() => choose(what)}>
                {title}
              </Button>
              <span id={`hint-${what}`} className="soft">
                {hint}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <Button kind="quiet" onClick={onLeave}>
        Back to sign in
      </Button>
    </Page>
  )
}
