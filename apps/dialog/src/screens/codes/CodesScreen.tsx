import type { PasskeyAccount } from '@rekey/sdk'
import { type CodeReplacement, replaceCodes } from '@rekey/sdk/codes'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useCodesState } from '../../components/useCodesState.ts'
import { useTask } from '../../components/useTask.ts'
import { codesLeftSentence, spentNumbers } from '../../flows/codesWords.ts'
import { keepReplacement, readReplacement } from '../../lib/codeReplacement.ts'
import { AnnounceCodes } from './AnnounceCodes.tsx'
import { WaitingCodes } from './WaitingCodes.tsx'

/** The account's recovery codes: how many are left, and new ones in two phases. */
export function CodesScreen({ account, onLeave }: { account: PasskeyAccount; onLeave: () => void }) {
  const [waiting, setWaiting] = useState(() => readReplacement(account, localStorage))
  const [fresh, setFresh] = useState<CodeReplacement>()
  const [task, run] = useTask()
  const [state, load] = useCodesState(account)
  const change = (next: CodeReplacement | undefined): void => {
    keepReplacement(account, next, localStorage)
    setWaiting(next)
    setFresh(undefined)
    void load()
  }
  if (fresh)
    return (
      <AnnounceCodes
        account={account}
        replacement={fresh}
        onKept={() => keepReplacement(account, fresh, localStorage)}
        onAnnounced={() => change(fresh)}
        onLeave={() => change(undefined)}
      />
    )
  if (waiting)
    return <WaitingCodes account={account} replacement={waiting} onOver={() => change(undefined)} onLeave={onLeave} />
  const spent = state ? spentNumbers(state) : []
  return (
    <Page title="Recovery codes">
      <TaskError task={task} />
      <section className="card">
        {state ? <p data-codes-left={state.left}>{codesLeftSentence(state)}.</p> : <p className="soft">Counting…</p>}
        {spent.length > 0 && (
          <p>
            Used: {spent.map((number) => `code ${number}`).join(', ')}. Tick {spent.length === 1 ? 'it' : 'them'} on
            your sheet.
          </p>
        )}
        {state?.isReplacementDue && spent.length > 0 && (
          <div className="notice warning">
            <strong>A code was used.</strong>
            <span>Make a new set. If it was not you who used it, somebody has your sheet.</span>
          </div>
        )}
        {state?.chains.flatMap((chain) =>
          'error' in chain
            ? [<p key={chain.chainId}>{chainName(account.config, chain.chainId)} does not answer.</p>]
            : [],
        )}
        <p className="soft">The codes themselves are on your sheet only; nobody can show them again.</p>
      </section>
      <section className="card">
        <h2>New codes</h2>
        <p>
          Make them when you lost the sheet, when somebody may have seen it, or after a recovery. The old ones stay good
          until the new ones are in force, two days later at the earliest: that keeps a thief from taking them from you.
        </p>
        <Button
          kind="primary"
          name="make"
          task={task}
          onClick={() => void run('make', async (signal) => setFresh(await replaceCodes(account, { signal })))}
        >
          Make new codes
        </Button>
      </section>
      <Button kind="quiet" onClick={onLeave}>
        Back to your account
      </Button>
    </Page>
  )
}
