import { Button } from '../../components/Button.tsx'
import { Page } from '../../components/Page.tsx'

/** Nothing of what lets somebody back in is left: says what can still be done, and what cannot. */
export function NothingLeftScreen({ onBack }: { onBack: () => void }) {
  return (
    <Page title="None of these">
      <p className="lead">
        Nobody but you and your guardians can open your account. We cannot either, and whoever offers to for money is
        lying.
      </p>
      <section className="card">
        <h2>Look once more</h2>
        <ul className="notes">
          <li>Old phones, tablets and computers: a passkey may still be on one of them.</li>
          <li>Password managers and the accounts of Apple, Google or Microsoft that sync passkeys.</li>
          <li>Papers: a sheet of recovery codes, a kit, seven words in a row.</li>
          <li>Friends whom you may have named as guardians. Ask them; they need not remember it.</li>
          <li>The wallet you used then, and its backup.</li>
        </ul>
      </section>
      <p>What your account owns stays where it is. If something turns up later, it still works.</p>
      <Button kind="primary" onClick={onBack}>
        Back to the list
      </Button>
    </Page>
  )
}
