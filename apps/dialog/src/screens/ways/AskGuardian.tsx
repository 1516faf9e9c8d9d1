import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { ShareLink } from '../../components/ShareLink.tsx'
import { useField } from '../../components/useField.ts'
import type { WayProps } from './inHand.ts'

/** The link for the guardian, the words to compare, and the place for what comes back. */
export function AskGuardian({ ask: { request, link, qr, isWatched, task, collect }, onEnd }: WayProps) {
  // A guardian's answer is a link to this page.
  const field = useField(window.location.hash.startsWith('#approval=') ? window.location.href : '')
  const isOnThisMachine = window.location.hostname === 'localhost'
  const submit = (text: string): string | undefined => {
    if (text.trim() === '') return 'Paste what your guardian sent you.'
    void collect('approval', async () => {
      await request.addApproval(text)
      // The answer in the page's address is taken: coming back here, it would be in the way.
      if (window.location.hash.startsWith('#approval=')) window.history.replaceState(null, '', window.location.pathname)
      onEnd()
    })
    return undefined
  }
  return (
    <Page title="Ask your guardian">
      <TaskError task={task} />
      <section className="card">
        <h2>1. Send this link to your guardian</h2>
        <p className="soft">There is nothing secret in it. Only your guardian’s wallet or passkey can approve.</p>
        {isOnThisMachine && (
          <p className="soft">
            It opens on this machine only. On another one your guardian pastes it into the command{' '}
            <code>rekey approve</code>.
          </p>
        )}
        <ShareLink link={link} {...(qr !== undefined && { qr })} label="QR code for a guardian who is with you" />
      </section>
      <section className="card">
        <h2>2. Call them and compare these words</h2>
        <p className="phrase">{request.phrase}</p>
        <p className="soft">They see the same four words. If theirs differ, they must not approve.</p>
      </section>
      <FieldForm
        field={field}
        heading={
          <>
            <h2>{isWatched ? '3. Wait here, or paste what they send you' : '3. Paste what they send you'}</h2>
            {isWatched && <p className="soft">If your guardian delivers the approval, this page goes on by itself.</p>}
          </>
        }
        label="Approval from your guardian"
        isLong
        isCode
        submit="Use this approval"
        submitKind="secondary"
        name="approval"
        task={task}
        actions={<Button onClick={onEnd}>Other ways</Button>}
        onSubmit={submit}
      />
    </Page>
  )
}
