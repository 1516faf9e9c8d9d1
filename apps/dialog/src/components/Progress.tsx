import { useId } from 'react'

/** How much of something long is done, 0 to 1. Its beginning is announced, its progress is not. */
export function Progress({ label, done }: { label: string; done: number }) {
  const id = useId()
  return (
    <div className="stack">
      <p id={id} role="status">
        {label}
      </p>
      <progress aria-labelledby={id} value={done} max={1} />
    </div>
  )
}
