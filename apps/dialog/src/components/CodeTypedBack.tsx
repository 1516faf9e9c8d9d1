import { isRekeyError } from '@rekey/sdk/errors'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Task } from '../flows/task.ts'
import { errorText } from '../lib/errorText.ts'
import { Button } from './Button.tsx'
import { TextField } from './TextField.tsx'

type CodeTypedBackProps = {
  task?: Task
  children?: ReactNode
  /** Takes the code, or throws what is wrong with it. */
  onCode: (text: string) => void
}

/** Asks for one of the codes: from where it was saved, so that it was. */
export function CodeTypedBack({ task, children, onCode }: CodeTypedBackProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    try {
      onCode(text)
    } catch (error) {
      if (!isRekeyError(error)) throw error
      const { title, advice } = errorText(error)
      setProblem(`${title} ${advice}`)
    }
  }
  return (
    <form className="card" onSubmit={submit} noValidate>
      <TextField
        label="One of the codes"
        hint="Any of them, read from your sheet or file. You may paste it. This does not use it up."
        value={text}
        problem={problem}
        isCode
        onChange={(value) => {
          setText(value)
          setProblem(undefined)
        }}
      />
      <div className="actions">
        <Button kind="primary" name="typedBack" {...(task && { task })}>
          I have saved them
        </Button>
        {children}
      </div>
    </form>
  )
}
