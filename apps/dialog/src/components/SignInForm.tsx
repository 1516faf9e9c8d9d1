import type { ReactNode } from 'react'
import type { Task } from '../flows/task.ts'
import { Button } from './Button.tsx'
import { TaskError } from './ErrorNotice.tsx'

type SignInFormProps = {
  name: string
  task: Task
  onSignIn: () => void
  /** Signs in without another window. */
  onRedirect: () => void
  actions: ReactNode
}

/** The way to a provider: in a window of its own or, where the browser does not let one open, in this one. */
export function SignInForm({ name, task, onSignIn, onRedirect, actions }: SignInFormProps) {
  const isBlocked = task.status === 'failed' && task.error.code === 'OIDC_POPUP_BLOCKED'
  return (
    <>
      <TaskError task={task} />
      <div className="actions">
        <Button kind="primary" name="signIn" task={task} onClick={onSignIn}>
          Sign in with {name}
        </Button>
        {isBlocked && <Button onClick={onRedirect}>Continue in this window</Button>}
        {actions}
      </div>
      <p className="soft" role="status">
        {task.status === 'working' && `Go on in the window that has opened, and choose your account at ${name} there.`}
      </p>
    </>
  )
}
