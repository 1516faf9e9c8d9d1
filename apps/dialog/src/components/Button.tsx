import type { ReactNode } from 'react'
import type { Task } from '../flows/task.ts'

type ButtonProps = {
  children: ReactNode
  /** Told apart from the screen's other buttons; the one that is working says so. */
  name?: string
  task?: Task
  kind?: 'primary' | 'secondary' | 'danger' | 'quiet'
  /** Id of what says more about it. */
  describedBy?: string
  onClick?: () => void
}

/** A button that keeps its size and stays readable while its work is under way. */
export function Button({ children, name, task, kind = 'secondary', describedBy, onClick }: ButtonProps) {
  const isWorking = task?.status === 'working'
  const isOwnWork = isWorking && task.what === name
  return (
    <button
      type={onClick ? 'button' : 'submit'}
      className={`button ${kind}`}
      onClick={onClick}
      aria-describedby={describedBy}
      aria-disabled={isWorking || undefined}
      aria-busy={isOwnWork || undefined}
    >
      <span>{children}</span>
    </button>
  )
}
