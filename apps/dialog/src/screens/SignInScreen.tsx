import { createPasskeyAccount, type PasskeyAccount, type RekeyConfig } from '@rekey/sdk'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { FieldForm } from '../components/FieldForm.tsx'
import { Page } from '../components/Page.tsx'
import { useField } from '../components/useField.ts'
import { useTask } from '../components/useTask.ts'
import type { Path } from '../flows/route.ts'
import type { Task } from '../flows/task.ts'
import { enterAccount } from '../lib/enterAccount.ts'

type SignInScreenProps = {
  config: RekeyConfig
  /** Origin of the app that wants an account. */
  app: string | undefined
  /** A link asks this account's owner for something: nobody makes a new account for that. */
  isForApproval: boolean
  onAccount: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onGoTo: (path: Path) => void
}

/** Signs in with a passkey, or creates an account: one name, one prompt. */
export function SignInScreen({ config, app, isForApproval, onAccount, onFailed, onGoTo }: SignInScreenProps) {
  const [task, run] = useTask()

  const create = (name: string): void =>
    void run('create', async (signal) => onAccount(await createPasskeyAccount(config, { name, signal })))
  const enter = (): void => void run('signIn', (signal) => enterAccount({ config, onAccount, onFailed }, { signal }))

  return (
    <Page title={app || isForApproval ? 'Sign in to continue' : 'Your account'}>
      <p className="lead">
        {app ? (
          <>
            <strong>{new URL(app).host}</strong> asks for your account.
          </>
        ) : (
          'A passkey opens it. No password, no seed phrase.'
        )}
      </p>
      <TaskError task={task} />
      <section className="card">
        <h2>I have an account</h2>
        <Button kind="primary" name="signIn" task={task} onClick={enter}>
          Sign in with a passkey
        </Button>
        {!isForApproval && (
          <>
            <Button kind="quiet" onClick={() => onGoTo('/security-key')}>
              Use a security key
            </Button>
            <Button kind="quiet" onClick={() => onGoTo('/join')}>
              My account is on another domain
            </Button>
            <Button kind="quiet" onClick={() => onGoTo('/recover')}>
              I lost my passkey
            </Button>
          </>
        )}
      </section>
      {!isForApproval && <NewAccountForm task={task} onCreate={create} />}
    </Page>
  )
}

/** Asks for the name of a new account. */
function NewAccountForm({ task, onCreate }: { task: Task; onCreate: (name: string) => void }) {
  const field = useField()
  const submit = (text: string): string | undefined => {
    const name = text.trim()
    if (name === '') return 'Give your account a name.'
    onCreate(name)
    return undefined
  }
  return (
    <FieldForm
      field={field}
      heading={<h2>I am new here</h2>}
      label="Name of your account"
      hint="Your devices show it when they ask for the passkey. You can choose anything."
      autoComplete="nickname"
      maxLength={64}
      submit="Create account"
      submitKind="secondary"
      name="create"
      task={task}
      onSubmit={submit}
    />
  )
}
