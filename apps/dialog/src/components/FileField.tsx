import { useId } from 'react'

type FileFieldProps = { label: string; hint: string; onText: (text: string) => void }

/** Takes a file of text, and reads it here. */
export function FileField({ label, hint, onText }: FileFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept=".html,.json,.txt,text/html,text/plain,application/json"
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          const [file] = target.files ?? []
          // The same file can be opened again after it was refused.
          if (file)
            void file
              .text()
              .then(onText)
              .finally(() => Object.assign(target, { value: '' }))
        }}
      />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </div>
  )
}
