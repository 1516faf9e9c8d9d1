import type { FormEvent, ReactNode } from 'react'
import type { Task } from '../flows/task.ts'
import { Button } from './Button.tsx'
import { TextField, type TextFieldProps } from './TextField.tsx'
import type { Field } from './useField.ts'

type FieldFormProps = Pick<TextFieldProps, 'label' | 'hint' | 'autoComplete' | 'isLong' | 'isCode' | 'maxLength'> & {
  field: Field
  /** What stands above the field. */
  heading?: ReactNode
  /** What stands between the field and the buttons. */
  children?: ReactNode
  submit: string
  submitKind?: 'primary' | 'secondary'
  /** The task's name for what the form begins. */
  name?: string
  task?: Task
  /** More buttons, beside the one that submits. */
  actions?: ReactNode
  /** Takes the text; returns what is wrong with it, if anything is. */
  onSubmit: (text: string) => string | undefined
}

/** A form around one text field: its problem is found when it is submitted, tied to the field, and takes the focus there. */
export function FieldForm(props: FieldFormProps) {
  const { field, heading, children, submit, submitKind = 'primary', name, task, actions, onSubmit, ...labels } = props
  const take = (event: FormEvent): void => {
    event.preventDefault()
    field.refuse(onSubmit(field.value))
  }
  return (
    <form className="card" onSubmit={take} noValidate>
      {heading}
      <TextField {...labels} value={field.value} problem={field.problem} onChange={field.onChange} />
      {children}
      <div className="actions">
        <Button kind={submitKind} {...(name !== undefined && { name })} {...(task && { task })}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}
