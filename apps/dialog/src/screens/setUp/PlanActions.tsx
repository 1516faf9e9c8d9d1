import { Button } from '../../components/Button.tsx'
import type { usePlanWork } from './usePlanWork.ts'

type PlanActionsProps = { work: ReturnType<typeof usePlanWork>; onBack: () => void; onDone: () => void }

/** The buttons below a plan: sign it, try what is missing again, go. */
export function PlanActions({ work, onBack, onDone }: PlanActionsProps) {
  const { task, progress, isDone, isPartial, apply } = work
  if (isDone)
    return (
      <div className="actions">
        <Button kind="primary" onClick={onDone}>
          Go to your account
        </Button>
      </div>
    )
  const isNotBegun = progress.length === 0 || task.status === 'failed'
  return (
    <div className="actions">
      <Button kind="primary" name="apply" task={task} onClick={apply}>
        {isPartial ? 'Try the others again' : 'Confirm with passkey'}
      </Button>
      <Button task={task} onClick={isNotBegun ? onBack : onDone}>
        {isNotBegun ? 'Back' : 'Later'}
      </Button>
    </div>
  )
}
