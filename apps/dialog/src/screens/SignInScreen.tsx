import { createPasskeyAccount, type PasskeyAccount, type RekeyConfig, signIn } from '@rekey/sdk'
import { type FormEvent, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
import { useTask } from '../components/useTask.ts'

type SignInScreenProps = {
  config: RekeyConfig
  /** Origin of the app that wants an account. */
  app: string | undefined
  onAccount: (account: PasskeyAccount) => void
  onRecover: () => void
}

/** Signs in with a passkey, or creates an account: one name, one prompt. */
export function SignInScreen({ config, app, onAccount, onRecover }: SignInScreenProps) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const [task, run] = useTask()

  const create = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() === '') setProblem('Give your account a name.')
    else
      void run('create', async (signal) => onAccount(await createPasskeyAccount(config, { name: name.trim(), signal })))
  }

  return (
    <Page title={app ? 'Sign in to continue' : 'Your account'}>
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
        <Button
          kind="primary"
          name="signIn"
          task={task}
          onClick={() => void run('signIn', async (signal) => onAccount(await signIn(config, { signal })))}
        >
          Sign in with a passkey
        </Button>
        <Button kind="quiet" onClick={onRecover}>
          I lost my passkey
        </Button>
      </section>
      <form className="card" onSubmit={create} noValidate>
        <h2>I am new here</h2>
        <TextField
          label="Name of your account"
          hint="Your devices show it when they ask for the passkey. You can choose anything."
          value={name}
          problem={problem}
          autoComplete="nickname"
          maxLength={64}
          onChange={(value) => {
            setName(value)
            setProblem(undefined)
          }}
        />
        <Button name="create" task={task}>
          Create account
        </Button>
      </form>
    </Page>
  )
}
