import type { PasskeyAccount } from '@rekey/sdk'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useHealth } from '../../components/useHealth.ts'
import type { Path } from '../../flows/route.ts'
import { Findings } from './Findings.tsx'
import { KitCard } from './KitCard.tsx'
import { LastDrill } from './LastDrill.tsx'
import { LossCard } from './LossCard.tsx'

type SafetyScreenProps = { account: PasskeyAccount; otherPages: readonly string[]; onGoTo: (path: Path) => void }

/** How safe the account is: its score and why, what a loss would do, when guardians were last tried, and the kit. */
export function SafetyScreen({ account, otherPages, onGoTo }: SafetyScreenProps) {
  const { checked, task, check } = useHealth(account, otherPages)
  const policy = checked?.facts.policy
  return (
    <Page title="Safety check">
      <p className="lead">Read from the networks just now. Nobody but you sees what this browser adds to it.</p>
      <TaskError task={task} />
      {!checked && task.status !== 'failed' && (
        <p className="soft" role="status">
          Looking at the networks…
        </p>
      )}
      {checked && <Findings config={account.config} checked={checked} onGoTo={onGoTo} />}
      {checked && policy && (
        <>
          <LossCard policy={policy} passkeys={checked.passkeys} now={checked.facts.now} />
          <LastDrill policy={policy} provenAt={checked.facts.provenAt ?? {}} onGoTo={onGoTo} />
          <KitCard account={account} />
        </>
      )}
      <div className="actions">
        <Button name="check" task={task} onClick={check}>
          Check again
        </Button>
        <Button kind="quiet" onClick={() => onGoTo('/')}>
          Back to your account
        </Button>
      </div>
    </Page>
  )
}
