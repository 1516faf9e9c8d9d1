import { approveWithPassphrase, findUnknownWords } from '@rekey/sdk/passphrase'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Progress } from '../../components/Progress.tsx'
import { TextField } from '../../components/TextField.tsx'
import type { WayProps } from './CollectScreen.tsx'

/** Approves with the passphrase: the device works for some seconds, and nothing of the words leaves it. */
export function ByPassphrase({ request, recovery: { task, collect }, onEnd }: WayProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState(0)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setDone(0)
    setProblem(text.trim() === '' ? 'Type your passphrase.' : undefined)
    if (text.trim() === '') return
    void collect('passphrase', async (signal) => {
      await request.addApproval(await approveWithPassphrase(request, { phrase: text, signal, onProgress: setDone }))
      setText('')
    })
  }
  const isWorking = task.status === 'working'
  const unknown = task.status === 'failed' && task.error.code === 'PASSPHRASE_WRONG' ? suspectWords(text) : undefined
  return (
    <Page title="Enter your passphrase">
      <p className="lead">The words in their order. Capitals and blanks do not matter.</p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <TextField
          label="Passphrase"
          hint={unknown ?? 'It stays on this device. You may paste it.'}
          value={text}
          problem={problem}
          isLong
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        {isWorking && <Progress label="Checking. This takes some seconds." done={done} />}
        <div className="actions">
          <Button kind="primary" name="passphrase" task={task}>
            Use this passphrase
          </Button>
          {!isWorking && <Button onClick={onEnd}>Other ways</Button>}
        </div>
      </form>
    </Page>
  )
}

/** Which words are mistyped, if they look like generated ones with few exceptions. */
function suspectWords(text: string): string | undefined {
  const unknown = findUnknownWords(text)
  if (unknown.length === 0 || unknown.length > 2) return undefined
  return `If these are generated words: ${unknown.map((place) => `word ${place}`).join(' and ')} has a typo.`
}
