import { isRekeyError } from '@rekey/sdk/errors'
import { approveWithPassphrase, findUnknownWords } from '@rekey/sdk/passphrase'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { Progress } from '../../components/Progress.tsx'
import { useField } from '../../components/useField.ts'
import type { WayProps } from './inHand.ts'

/** Approves with the passphrase: the device works for some seconds, and nothing of the words leaves it. */
export function ByPassphrase({ ask: { request, task, collect }, onEnd }: WayProps) {
  const field = useField()
  const [suspects, setSuspects] = useState<string>()
  const [done, setDone] = useState(0)
  const submit = (phrase: string): string | undefined => {
    if (phrase.trim() === '') return 'Type your passphrase.'
    setDone(0)
    setSuspects(undefined)
    void collect('passphrase', async (signal) => {
      try {
        await request.addApproval(await approveWithPassphrase(request, { phrase, signal, onProgress: setDone }))
      } catch (error) {
        if (isRekeyError(error, 'PASSPHRASE_WRONG')) setSuspects(suspectWords(phrase))
        throw error
      }
      onEnd()
    })
    return undefined
  }
  const isWorking = task.status === 'working'
  return (
    <Page title="Enter your passphrase">
      <p className="lead">The words in their order. Capitals and blanks do not matter.</p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Passphrase"
        hint={suspects ?? 'It stays on this device. You may paste it.'}
        isLong
        submit="Use this passphrase"
        name="passphrase"
        task={task}
        actions={!isWorking && <Button onClick={onEnd}>Other ways</Button>}
        onSubmit={submit}
      >
        {isWorking && <Progress label="Checking. This takes some seconds." done={done} />}
      </FieldForm>
    </Page>
  )
}

/** Which words are mistyped, if they look like generated ones with few exceptions. */
function suspectWords(text: string): string | undefined {
  const unknown = findUnknownWords(text)
  if (unknown.length === 0 || unknown.length > 2) return undefined
  return `If these are generated words: ${unknown.map((place) => `word ${place}`).join(' and ')} has a typo.`
}
