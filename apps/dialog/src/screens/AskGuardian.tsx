import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { type FormEvent, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { TextField } from '../components/TextField.tsx'
import type { Task } from '../flows/task.ts'
import { parseApprovalCode } from '../lib/approvalCode.ts'

type AskGuardianProps = { request: RecoveryRequest; task: Task; onApproval: (text: string) => void }

/** The link for the guardian, the phrase to compare, and the place for what comes back. */
export function AskGuardian({ request, task, onApproval }: AskGuardianProps) {
  const [isCopied, setCopied] = useState(false)
  // A guardian's answer is a link to this page.
  const [text, setText] = useState(() => (parseApprovalCode(window.location.hash) ? window.location.href : ''))
  const [problem, setProblem] = useState<string>()
  const link = request.toLink(`${window.location.origin}/guardian`)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const code = parseApprovalCode(text)
    if (!code) setProblem('This is not an approval. Paste all of what your guardian sent you.')
    else if (code.digest.toLowerCase() !== request.digest.toLowerCase())
      setProblem('This approves another recovery. Ask your guardian to open the newest link.')
    else onApproval(text)
  }
  return (
    <>
      <section className="card">
        <h2>1. Send this link to your guardian</h2>
        <p className="soft">There is nothing secret in it. Only your guardian’s wallet can approve.</p>
        <div className="actions">
          <Button kind="primary" onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}>
            {isCopied ? 'Link copied' : 'Copy link'}
          </Button>
          <a className="button quiet" href={link} target="_blank" rel="noreferrer">
            Open it here
          </a>
        </div>
        <span className="visually-hidden" role="status">
          {isCopied ? 'Link copied' : ''}
        </span>
      </section>
      <section className="card">
        <h2>2. Call them and compare this phrase</h2>
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
        <Button name="submit" task={task}>
          Use this approval
        </Button>
      </form>
    </>
  )
}
