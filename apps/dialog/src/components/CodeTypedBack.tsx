import type { ReactNode } from 'react'
import { refusal } from '../lib/errorText.ts'
import { FieldForm } from './FieldForm.tsx'
import { useField } from './useField.ts'

type CodeTypedBackProps = {
  children?: ReactNode
  /** Takes the code, or throws what is wrong with it. */
  onCode: (text: string) => void
}

/** Asks for one of the codes: from where it was saved, so that it was. */
export function CodeTypedBack({ children, onCode }: CodeTypedBackProps) {
  const field = useField()
  return (
    <FieldForm
      field={field}
      label="One of the codes"
      hint="Any of them, read from your sheet or file. You may paste it. This does not use it up."
      isCode
      submit="I have saved them"
      actions={children}
      onSubmit={(text) => refusal(() => onCode(text))}
    />
  )
}
