import { useEffect, useRef } from 'react'
import type { Task } from '../flows/task.ts'
import type { ErrorText } from '../lib/errorText.ts'

/** Says what failed and what to do, and takes the focus, so that nobody misses it. */
export function ErrorNotice({ error }: { error: ErrorText | undefined }) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (error) notice.current?.focus()
  }, [error])
  if (!error) return null
  return (
    <div ref={notice} className="notice error" role="alert" tabIndex={-1} data-code={error.code}>
      <strong>{error.title}</strong>
      <span>{error.advice}</span>
    </div>
  )
}

/** The error of a task that failed. */
export function TaskError({ task }: { task: Task }) {
  return <ErrorNotice error={task.status === 'failed' ? task.error : undefined} />
}
