import type { RekeyConfig } from '@rekey/sdk'
import type { PasskeyRemovedError } from '@rekey/sdk/errors'
import { type SignalOutcome, signalUnknownPasskey } from '@rekey/sdk/webauthn'
import { useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Page } from '../components/Page.tsx'
import { useTask } from '../components/useTask.ts'
import { forgetPasskey } from '../lib/passkeyNotes.ts'

type PasskeyRemovedScreenProps = {
  config: RekeyConfig
  removed: PasskeyRemovedError
  onRecover: () => void
  onAnother: () => void
}

const outcomes: Readonly<Record<SignalOutcome, string>> = {
  sent: 'Your password manager was told. It stops offering this passkey.',
  unsupported: 'This browser can’t tell your password manager. Delete the passkey there.',
  refused: 'Your password manager was not told. Delete the passkey there.',
}

/** The device still offers a passkey, and the account has it no more: what that means, and where to go. */
export function PasskeyRemovedScreen({ config, removed, onRecover, onAnother }: PasskeyRemovedScreenProps) {
  const [outcome, setOutcome] = useState<SignalOutcome>()
  const [task, run] = useTask()
  const stopOffering = (): void =>
    void run('stop', async () => {
      const told = await signalUnknownPasskey({ rpId: config.rpId, id: removed.credentialId })
      forgetPasskey(localStorage, removed.credentialId)
      setOutcome(told)
    })
  return (
    <Page title="This passkey no longer opens your account">
      <p className="lead">
        Your device still has it, but it was removed from the account, or the account was recovered with another one.
      </p>
      <section className="card">
        <h2>The account</h2>
        <AddressText address={removed.account} label="Account" />
        <p className="soft">If you did not remove it yourself, somebody else did: recover the account.</p>
        <div className="actions">
          <Button kind="primary" onClick={onAnother}>
            Use another passkey
          </Button>
          <Button onClick={onRecover}>Recover the account</Button>
        </div>
      </section>
      <section className="card">
        <h2>Stop being offered this passkey</h2>
        <p className="soft">
          It opens nothing else. Once it is gone from your password manager, it does not come back.
        </p>
        {outcome === undefined ? (
          <Button name="stop" task={task} onClick={stopOffering}>
            Stop offering it
          </Button>
        ) : (
          <p role="status">{outcomes[outcome]}</p>
        )}
      </section>
    </Page>
  )
}
