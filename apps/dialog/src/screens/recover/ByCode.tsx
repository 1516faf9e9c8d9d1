import { forgetCodes, parseCode, redeemCode } from '@rekey/sdk/codes'
import { isRekeyError } from '@rekey/sdk/errors'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { TextField } from '../../components/TextField.tsx'
import { errorText } from '../../lib/errorText.ts'
import type { WayProps } from './CollectScreen.tsx'

/** Approves with a code from the sheet. A typo is found here, and costs nothing. */
export function ByCode({ config, request, recovery: { task, collect }, onEnd }: WayProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const typo = findTypo(text)
    setProblem(typo)
    if (typo) return
    void collect('code', async (signal) => {
      await redeemCode(config, request, text, { signal })
      setText('')
    })
  }
  return (
    <Page title="Enter a recovery code">
      <p className="lead">Any code of your newest sheet that has no tick. It is used up when the recovery starts.</p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <TextField
          label="Recovery code"
          hint="30 characters in six groups. Capitals, blanks and dashes do not matter; you may paste it."
          value={text}
          problem={problem}
          isCode
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        <p className="soft">The code stays on this device. What is sent is good for this recovery only.</p>
        <div className="actions">
          <Button kind="primary" name="code" task={task}>
            Use this code
          </Button>
          <Button onClick={onEnd}>Other ways</Button>
        </div>
      </form>
    </Page>
  )
}

function findTypo(text: string): string | undefined {
  try {
    forgetCodes([parseCode(text)])
    return undefined
  } catch (error) {
    if (!isRekeyError(error)) throw error
    const { title, advice } = errorText(error)
    return `${title} ${advice}`
  }
}
