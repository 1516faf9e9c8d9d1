import { useEffect, useId, useRef } from 'react'
import type { Field } from '../../components/useField.ts'
import { plainText } from '../../lib/plainText.ts'

/** Said when somebody goes on without the tick. */
export const notCompared = 'Compare the address first, and tick this when it is yours.'

/** A name is somebody’s word for where an account is: its owner compares the address before anything is done with it. */
export function NameNotice({ name, field }: { name: string; field: Field }) {
  const { value, problem, onChange } = field
  const id = useId()
  const tick = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (problem) tick.current?.focus()
  }, [problem])
  return (
    <div className="notice warning">
      <strong>Found as “{plainText(name)}”.</strong>
      <span>
        Names come from a service that can be wrong, or lie. Compare the address above with the one on your sheet, in
        your kit, or in an app you used.
      </span>
      <label className="choice">
        <input
          ref={tick}
          type="checkbox"
          checked={value !== ''}
          aria-describedby={id}
          aria-invalid={problem ? true : undefined}
          onChange={(event) => onChange(event.target.checked ? 'compared' : '')}
        />
        <span>I have compared it: this is the address of my account.</span>
      </label>
      <p id={id} className="problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
