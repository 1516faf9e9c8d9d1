import type { PasskeyAccount } from '@rekey/sdk'
import { useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Page } from '../components/Page.tsx'
import { GuardiansSection } from './GuardiansSection.tsx'
import { PasskeysSection } from './PasskeysSection.tsx'
import { PendingRecoveryBanner } from './PendingRecoveryBanner.tsx'

type AccountScreenProps = {
  account: PasskeyAccount
  /** The same page on other domains. */
  otherPages: readonly string[]
  onAccount: (account: PasskeyAccount | undefined) => void
}

/** Everything about the account: address, passkeys, guardians, and a recovery that is under way. */
export function AccountScreen({ account, otherPages, onAccount }: AccountScreenProps) {
  const [changes, setChanges] = useState(0)
  return (
    <Page title="Your account">
      <PendingRecoveryBanner account={account} />
      <section className="card">
        <h2>Address, the same on every network</h2>
        <AddressText address={account.address} label="Your address" />
      </section>
      <PasskeysSection key={changes} account={account} otherPages={otherPages} />
      <GuardiansSection account={account} onChanged={() => setChanges((count) => count + 1)} />
      <Button kind="quiet" onClick={() => onAccount(undefined)}>
        Sign out on this device
      </Button>
    </Page>
  )
}
