import type { PasskeyAccount } from '@rekey/sdk'
import { type CodeReplacement, forgetCodes } from '@rekey/sdk/codes'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { CodeSheetView } from '../../components/CodeSheetView.tsx'
import { CodeTypedBack } from '../../components/CodeTypedBack.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useChainWork } from '../../components/useChainWork.ts'
import { useWarnOnLeave } from '../../components/useWarnOnLeave.ts'
import { WorkList } from '../../components/WorkList.tsx'
import { sheetParameters } from '../../lib/sheetParameters.ts'

type AnnounceCodesProps = {
  account: PasskeyAccount
  replacement: CodeReplacement
  /** Told when some network knows of them. */
  onKept: () => void
  onAnnounced: () => void
  onLeave: () => void
}

/** The first phase: new codes are shown, one is typed back, and they are announced with one approval. */
export function AnnounceCodes({ account, replacement, onKept, onAnnounced, onLeave }: AnnounceCodesProps) {
  const { config } = account
  const { codes } = replacement
  const [step, setStep] = useState<'show' | 'typeBack' | 'announce'>('show')
  const [parameters] = useState(() => sheetParameters(account))
  const work = useChainWork(config)
  const { task, progress, isPartial } = work
  useWarnOnLeave()
  const announce = (): void =>
    work.start(
      'announce',
      async (parameters) => {
        const results = await replacement.announce(parameters)
        onKept()
        if (codes) forgetCodes(codes.codes)
        return results
      },
      { onEnd: onAnnounced },
    )
  const leave = (): void => {
    if (codes) forgetCodes(codes.codes)
    onLeave()
  }
  const throwAway = (
    <Button kind="quiet" task={task} onClick={leave}>
      Throw them away
    </Button>
  )
  if (step === 'show' && codes)
    return (
      <Page title="Your new recovery codes">
        <p className="lead">Print or save them now: they are shown once. The old ones stay good for now.</p>
        <CodeSheetView codes={codes} parameters={parameters.sheet} />
        <div className="actions after">
          <Button onClick={() => setStep('typeBack')}>Next: type one back</Button>
          {throwAway}
        </div>
      </Page>
    )
  if (step === 'typeBack')
    return (
      <Page title="Type one new code back">
        <p className="lead">So that it is certain that you have them. They are not shown again after this.</p>
        <CodeTypedBack
          onCode={(text) => {
            replacement.confirm(text)
            setStep('announce')
          }}
        >
          <Button onClick={() => setStep('show')}>Show them again</Button>
        </CodeTypedBack>
      </Page>
    )
  return (
    <Page title="Announce the new codes">
      <p className="lead">
        You approve once, for all networks. After the waiting time you put them in force; until then only the old codes
        work.
      </p>
      <TaskError task={task} />
      <WorkList config={config} work={work} working="Delivering" done="Announced" />
      <div className="actions">
        <Button kind="primary" name="announce" task={task} onClick={announce}>
          {isPartial ? 'Try the others again' : 'Confirm with passkey'}
        </Button>
        {progress.length === 0 || task.status === 'failed' ? (
          throwAway
        ) : (
          <Button task={task} onClick={onAnnounced}>
            Later
          </Button>
        )}
      </div>
    </Page>
  )
}
