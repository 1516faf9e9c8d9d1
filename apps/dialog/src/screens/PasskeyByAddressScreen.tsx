import { type PasskeyAccount, type RekeyConfig, signIn } from '@rekey/sdk'
import { type FormEvent, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
import { useTask } from '../components/useTask.ts'
import { parseAddress } from '../lib/parseAddress.ts'

type PasskeyByAddressScreenProps = {
  config: RekeyConfig
  onAccount: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onLeave: () => void
}

/** Signs in with a security key that keeps no passkeys: the address says which ones to ask it for. */
export function PasskeyByAddressScreen({ config, onAccount, onFailed, onLeave }: PasskeyByAddressScreenProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [task, run] = useTask()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = parseAddress(text)
    setProblem(parsed.problem)
    const { address } = parsed
    if (address)
      void run('signIn', async (signal) => {
        try {
          onAccount(await signIn(config, { address, isSecurityKey: true, signal }))
        } catch (error) {
          onFailed(error)
          throw error
        }
      })
  }
  return (
    <Page title="Sign in with a security key">
      <p className="lead">A security key may not know your account by itself. With the address it does.</p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <TextField
          label="Address of your account"
          hint="Any app you used can tell you, and so can your recovery kit."
          value={text}
          problem={problem}
          isCode
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        <p className="soft">Put the key in or hold it to the device. It asks for its PIN.</p>
        <div className="actions">
          <Button kind="primary" name="signIn" task={task}>
            Use the security key
          </Button>
          <Button onClick={onLeave}>Back</Button>
        </div>
      </form>
    </Page>
  )
}
