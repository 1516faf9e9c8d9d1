import { type FormEvent, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { ShareLink } from '../../components/ShareLink.tsx'
import { TextField } from '../../components/TextField.tsx'
import type { WayProps } from './CollectScreen.tsx'

/** The link for the guardian, the words to compare, and the place for what comes back. */
export function AskGuardian({ request, recovery: { task, collect }, onEnd }: WayProps) {
  // A guardian's answer is a link to this page.
  const [text, setText] = useState(() => (window.location.hash.startsWith('#approval=') ? window.location.href : ''))
  const [problem, setProblem] = useState<string>()
  const page = `${window.location.origin}/guardian`
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '') setProblem('Paste what your guardian sent you.')
    else
      void collect('approval', async () => {
        await request.addApproval(text)
        onEnd()
      })
  }
  return (
    <Page title="Ask your guardian">
      <TaskError task={task} />
      <section className="card">
        <h2>1. Send this link to your guardian</h2>
        <p className="soft">There is nothing secret in it. Only your guardian’s wallet or passkey can approve.</p>
        <ShareLink
          link={request.toLink(page)}
          qr={request.toApprovalLink(page)}
          label="QR code for a guardian who is with you"
        />
      </section>
      <section className="card">
        <h2>2. Call them and compare these words</h2>
        <p className="phrase">{request.phrase}</p>
        <p className="soft">They see the same four words. If theirs differ, they must not approve.</p>
      </section>
      <form className="card" onSubmit={submit} noValidate>
        <h2>3. Wait here, or paste what they send you</h2>
        <p className="soft">If your guardian delivers the approval, this page goes on by itself.</p>
        <TextField
          label="Approval from your guardian"
          value={text}
          problem={problem}
          isLong
          isCode
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        <div className="actions">
          <Button name="approval" task={task}>
            Use this approval
          </Button>
          <Button onClick={onEnd}>Other ways</Button>
        </div>
      </form>
    </Page>
  )
}
