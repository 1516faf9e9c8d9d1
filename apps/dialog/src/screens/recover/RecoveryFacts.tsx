import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { AddressText } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { ShareLink } from '../../components/ShareLink.tsx'
import { formatTime } from '../../lib/format.ts'

/** What is seldom needed: the account, how to go on elsewhere, how to begin anew. */
export function RecoveryFacts({ request, onStartAgain }: { request: RecoveryRequest; onStartAgain: () => void }) {
  const link = request.toLink(`${window.location.origin}/recover`)
  return (
    <details className="soft">
      <summary>Account, another device, starting again</summary>
      <div className="stack">
        <AddressText address={request.recovery.account} label="Account" />
        <p>Guardians can approve until {formatTime(request.recovery.deadline)}.</p>
        <h2>Go on with another device</h2>
        <p>
          Open this link there to collect approvals and to finish. Nothing in it is secret. The new passkey stays on
          this device.
        </p>
        <ShareLink link={link} label="QR code of the link to go on elsewhere" />
        <Button kind="quiet" onClick={onStartAgain}>
          Forget this recovery and start again
        </Button>
      </div>
    </details>
  )
}
