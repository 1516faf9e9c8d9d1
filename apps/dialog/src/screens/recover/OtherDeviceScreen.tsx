import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useTask } from '../../components/useTask.ts'
import { enterAccount } from '../../lib/enterAccount.ts'

type OtherDeviceScreenProps = {
  config: RekeyConfig
  onAccount: (account: PasskeyAccount) => void
  onFailed: (error: unknown) => void
  onBack: () => void
}

/** Another device still opens the account: it lets this one in, and no recovery is needed. */
export function OtherDeviceScreen({ config, onAccount, onFailed, onBack }: OtherDeviceScreenProps) {
  const [task, run] = useTask()
  const enter = (): void => void run('signIn', (signal) => enterAccount({ config, onAccount, onFailed }, { signal }))
  return (
    <Page title="Use your other device">
      <p className="lead">Then you need no recovery: the other device lets this one in.</p>
      <TaskError task={task} />
      <section className="card">
        <ol className="steps">
          <li>Have the other device at hand, with Bluetooth on here and there.</li>
          <li>
            Press the button below. In the prompt choose a phone, tablet or other device; scan the QR code with it.
          </li>
          <li>When you are in, choose “Add a passkey”, so that this device has its own.</li>
        </ol>
        <Button kind="primary" name="signIn" task={task} onClick={enter}>
          Sign in with the other device
        </Button>
        <p className="soft">
          If the two do not find each other: sign in on the other device, and choose “Add a passkey” there.
        </p>
      </section>
      <Button kind="quiet" onClick={onBack}>
        Back
      </Button>
    </Page>
  )
}
