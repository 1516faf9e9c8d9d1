import { useState } from 'react'

/** A text field in hand: what was typed, and what is wrong with it. */
export type Field = {
  readonly value: string
  readonly problem: string | undefined
  /** Takes what was typed; a problem is gone as soon as something else is. */
  readonly onChange: (value: string) => void
  /** Says what is wrong, or that nothing is. */
  readonly refuse: (problem: string | undefined) => void
}

/** Holds what a text field shows. */
export function useField(initial = ''): Field {
  const [value, setValue] = useState(initial)
  const [problem, refuse] = useState<string>()
  const onChange = (next: string): void => {
    setValue(next)
    refuse(undefined)
  }
  return { value, problem, onChange, refuse }
}
