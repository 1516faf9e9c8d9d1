import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { FieldForm } from '../components/FieldForm.tsx'
import { Page } from '../components/Page.tsx'
import { useField } from '../components/useField.ts'
import { useTask } from '../components/useTask.ts'
import { enterAccount } from '../lib/enterAccount.ts'
import { parseAddress } from '../lib/parseAddress.ts'

type PasskeyByAddressScreenProps = {
  config: RekeyConfig
  onAccount: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onLeave: () => void
}

/** Signs in with a security key that keeps no passkeys: the address says which ones to ask it for. */
export function PasskeyByAddressScreen({ config, onAccount, onFailed, onLeave }: PasskeyByAddressScreenProps) {
  const field = useField()
  const [task, run] = useTask()
  const submit = (text: string): string | undefined => {
    const { address, problem } = parseAddress(text)
    if (address)
      void run('signIn', (signal) =>
        enterAccount({ config, onAccount, onFailed }, { address, isSecurityKey: true, signal }),
      )
    return problem
  }
  return (
    <Page title="Sign in with a security key">
      <p className="lead">A security key may not know your account by itself. With the address it does.</p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Address of your account"
        hint="Any app you used can tell you, and so can your recovery kit."
        isCode
        submit="Use the security key"
        name="signIn"
        task={task}
        actions={<Button onClick={onLeave}>Back</Button>}
        onSubmit={submit}
      >
        <p className="soft">Put the key in or hold it to the device. It asks for its PIN.</p>
      </FieldForm>
    </Page>
  )
}
