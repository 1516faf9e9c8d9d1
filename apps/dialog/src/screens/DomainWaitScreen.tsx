import {
  completePasskey,
  type PasskeyAccount,
  type PasskeyRequest,
  passkeyRequestDigest,
  type RekeyConfig,
  toPasskeyRequestLink,
} from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { recoveryPhrase } from '@rekey/sdk/recovery'
import { useEffect, useEffectEvent, useState } from 'react'
import { AddressText } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { ErrorNotice } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { ShareLink } from '../components/ShareLink.tsx'
import { type ErrorText, errorText } from '../lib/errorText.ts'
import { formatTime } from '../lib/format.ts'

type DomainWaitScreenProps = {
  config: RekeyConfig
  request: PasskeyRequest
  /** The page on the other domain. */
  page: string
  onAccount: (account: PasskeyAccount) => void
  onStartAgain: () => void
}

const pollMs = 2_000

/** Shows the request as a QR code and a link, and goes on by itself when it was approved. */
export function DomainWaitScreen({ config, request, page, onAccount, onStartAgain }: DomainWaitScreenProps) {
  const [error, setError] = useState<ErrorText>()
  const link = toPasskeyRequestLink(new URL('/approve-passkey', page).href, request)

  const onApproved = useEffectEvent(onAccount)

  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const look = async (): Promise<void> => {
      try {
        const { account } = await completePasskey(config, request, { signal })
        if (!signal.aborted) onApproved(account)
      } catch (reason) {
        if (signal.aborted) return
        setError(isRekeyError(reason, 'PASSKEY_REQUEST_PENDING') ? undefined : errorText(reason))
        setTimeout(() => void look(), pollMs)
      }
    }
    void look()
    return () => controller.abort()
  }, [config, request])

  return (
    <Page title="Approve it on your other page">
      <p className="lead">
        The passkey is made. Now a passkey that already opens your account has to approve it at{' '}
        <strong>{new URL(page).host}</strong>.
      </p>
      <ErrorNotice error={error} />
      <section className="card">
        <h2>1. Scan this, or open the link</h2>
        <ShareLink link={link} label="QR code of the link" />
        <p className="soft">There is nothing secret in it.</p>
      </section>
      <section className="card">
        <h2>2. Compare these words</h2>
        <p className="phrase">{recoveryPhrase(passkeyRequestDigest(request))}</p>
        <p className="soft">The other page shows the same four. If they differ, do not approve.</p>
      </section>
      <section className="card">
        <h2>3. Wait here</h2>
        <p role="status">Waiting for the approval. This page goes on by itself.</p>
        <p className="soft">Valid until {formatTime(request.expiresAt)}, for this account:</p>
        <AddressText address={request.account} label="Account" />
        <Button kind="quiet" onClick={onStartAgain}>
          Start again
        </Button>
      </section>
    </Page>
  )
}
