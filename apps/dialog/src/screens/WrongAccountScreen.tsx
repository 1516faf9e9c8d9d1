import type { PasskeyAccount } from '@rekey/sdk'
import type { Address } from 'viem'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Page } from '../components/Page.tsx'

type WrongAccountScreenProps = { wanted: Address; account: PasskeyAccount; onClose: () => void }

/** Shown when an app asks for one account and another one is signed in here. */
export function WrongAccountScreen({ wanted, account, onClose }: WrongAccountScreenProps) {
  return (
    <Page title="Another account is signed in">
      <p className="lead">The app asks for an account that is not the one you are signed in with here.</p>
      <section className="card">
        <dl className="facts">
          <dt>The app asks for</dt>
          <dd>
            <AddressText address={wanted} label="Address asked for" />
          </dd>
          <dt>You are signed in as</dt>
          <dd>
            <AddressText address={account.address} label="Your address" />
          </dd>
        </dl>
      </section>
      <Button kind="primary" onClick={onClose}>
        Back to the app
      </Button>
    </Page>
  )
}
