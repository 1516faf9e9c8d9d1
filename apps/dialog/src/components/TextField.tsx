import { useEffect, useId, useRef } from 'react'

export type TextFieldProps = {
  label: string
  hint?: string
  value: string
  problem?: string | undefined
  autoComplete?: string
  isLong?: boolean
  isCode?: boolean
  maxLength?: number
  onChange: (value: string) => void
}

/** A labelled field. A problem is tied to it, announced, and takes the focus to it. */
export function TextField(props: TextFieldProps) {
  const { label, hint, value, problem, autoComplete = 'off', isLong, isCode, maxLength, onChange } = props
  const id = useId()
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useEffect(() => {
    if (problem) field.current?.focus()
  }, [problem])
  const common = {
    id,
    ref: field,
    value,
    autoComplete,
    maxLength,
    spellCheck: false,
    className: isCode ? 'code' : undefined,
    'aria-describedby': `${id}-hint ${id}-problem`,
    'aria-invalid': problem ? true : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {isLong ? <textarea {...common} rows={3} /> : <input {...common} type="text" />}
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
      <p id={`${id}-problem`} className="problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
