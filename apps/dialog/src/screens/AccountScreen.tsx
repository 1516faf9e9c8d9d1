import type { PasskeyAccount } from '@rekey/sdk'
import { useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Page } from '../components/Page.tsx'
import type { Path } from '../flows/route.ts'
import { GuardiansSection } from './GuardiansSection.tsx'
import { PasskeysSection } from './PasskeysSection.tsx'

type AccountScreenProps = {
  account: PasskeyAccount
  /** The same page on other domains. */
  otherPages: readonly string[]
  onAccount: (account: PasskeyAccount | undefined) => void
  onGoTo: (path: Path) => void
}

/** Everything about the account: address, passkeys, guardians, and a recovery that is under way. */
export function AccountScreen({ account, otherPages, onAccount, onGoTo }: AccountScreenProps) {
  const [changes, setChanges] = useState(0)
  return (
    <Page title="Your account">
      <section className="card">
        <h2>Address, the same on every network</h2>
        <AddressText address={account.address} label="Your address" />
      </section>
      <PasskeysSection key={changes} account={account} otherPages={otherPages} />
      <GuardiansSection account={account} onGoTo={onGoTo} onChanged={() => setChanges((count) => count + 1)} />
      <div className="actions">
        <Button kind="quiet" onClick={() => onGoTo('/history')}>
          What happened
        </Button>
        <Button kind="quiet" onClick={() => onAccount(undefined)}>
          Sign out on this device
        </Button>
      </div>
    </Page>
  )
}
