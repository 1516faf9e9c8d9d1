import type { PasskeyAccount } from '@rekey/sdk'
import type { ConnectAnswer } from '@rekey/sdk/dialog'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Page } from '../components/Page.tsx'

type ConnectScreenProps = {
  account: PasskeyAccount
  app: string
  onAnswer: (answer: ConnectAnswer) => void
  onRefuse: () => void
}

/** Asks whether an app may know the account's address. */
export function ConnectScreen({ account, app, onAnswer, onRefuse }: ConnectScreenProps) {
  const chainIds = account.config.chains.map(({ id }) => id)
  return (
    <Page title={`Use your account at ${new URL(app).host}?`}>
      <p className="lead">The app will see your address. It can do nothing without asking you each time.</p>
      <section className="card">
        <h2>Your address</h2>
        <AddressText address={account.address} label="Your address" />
      </section>
      <div className="actions">
        <Button kind="primary" onClick={() => onAnswer({ account: account.address, chainIds })}>
          Continue
        </Button>
        <Button onClick={onRefuse}>Cancel</Button>
      </div>
    </Page>
  )
}
