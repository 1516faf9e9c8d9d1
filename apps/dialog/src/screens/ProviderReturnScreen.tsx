import { useEffect, useState } from 'react'
import type { Arrival } from '../components/arrival.ts'
import { Button } from '../components/Button.tsx'
import { ErrorNotice } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { type Path, pathOf } from '../flows/route.ts'
import type { ReturnedSignIn } from '../lib/returnFromProvider.ts'

type ProviderReturnScreenProps = {
  returned: Promise<ReturnedSignIn>
  onArrival: (arrival: Arrival, path: Path) => void
  onLeave: () => void
}

/** Where providers send people back to: hands over what was asked for, and refuses anything else. */
export function ProviderReturnScreen({ returned, onArrival, onLeave }: ProviderReturnScreenProps) {
  const [end, setEnd] = useState<ReturnedSignIn>()
  useEffect(() => {
    let isShown = true
    void returned.then((result) => {
      if (!isShown) return
      if (result.outcome === 'completed') onArrival(result.arrival, pathOf(result.path))
      else setEnd(result)
    })
    return () => {
      isShown = false
    }
  }, [returned, onArrival])
  if (end?.outcome === 'refused')
    return (
      <Page title="This sign-in was not used">
        <p className="lead">Somebody was sent here with a sign-in that this page can’t take. It was thrown away.</p>
        <ErrorNotice error={end.error} />
        <Button kind="primary" onClick={onLeave}>
          Go to your account
        </Button>
      </Page>
    )
  if (end)
    return (
      <Page title="You are signed in">
        <p className="lead">The window that you came from goes on. You can close this one.</p>
      </Page>
    )
  return (
    <Page title="One moment…">
      <p className="lead">Your sign-in is being handed over.</p>
    </Page>
  )
}
