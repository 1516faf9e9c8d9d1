import { forgetCodes, parseCode } from '@rekey/sdk/codes'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { useField } from '../../components/useField.ts'
import { refusal } from '../../lib/errorText.ts'
import type { WayProps } from './inHand.ts'

/** Approves with a code from the sheet. A typo is found here, and costs nothing. */
export function ByCode({ ask: { codeLead, takeCode, task, collect }, onEnd }: WayProps) {
  const field = useField()
  const submit = (text: string): string | undefined => {
    const typo = refusal(() => forgetCodes([parseCode(text)]))
    if (typo) return typo
    void collect('code', async (signal) => {
      await takeCode(text, { signal })
      onEnd()
    })
    return undefined
  }
  return (
    <Page title="Enter a recovery code">
      <p className="lead">Any code of your newest sheet that has no tick. {codeLead}</p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Recovery code"
        hint="30 characters in six groups. Capitals, blanks and dashes do not matter; you may paste it."
        isCode
        submit="Use this code"
        name="code"
        task={task}
        actions={<Button onClick={onEnd}>Other ways</Button>}
        onSubmit={submit}
      >
        <p className="soft">The code stays on this device. What is sent is good for this request only.</p>
      </FieldForm>
    </Page>
  )
}
