import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import { type RecoveryRequest, startRecovery } from '@rekey/sdk/recovery'
import { type FormEvent, useState } from 'react'
import { getAddress, isAddress } from 'viem'
import { Button } from '../components/Button.tsx'
import { ErrorNotice, TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
import { useTask } from '../components/useTask.ts'
import { keepRecovery, readRecovery } from '../lib/storage.ts'
import { RecoveryScreen } from './RecoveryScreen.tsx'

type RecoverScreenProps = {
  config: RekeyConfig
  onRecovered: (account: PasskeyAccount) => void
  onLeave: () => void
}

const damaged = {
  code: 'ACCOUNT_INVALID_RECORD',
  title: 'The recovery that this browser remembered was not valid.',
  advice: 'It was forgotten. Start again; guardians have to approve again.',
}

/** "I lost my passkey": goes on with a recovery that was begun here, or begins one. */
export function RecoverScreen({ config, onRecovered, onLeave }: RecoverScreenProps) {
  const [kept] = useState(() => readRecovery(config, localStorage))
  const [request, setRequest] = useState(kept.value)
  const change = (next: RecoveryRequest | undefined): void => {
    keepRecovery(next, localStorage)
    setRequest(next)
  }
  if (request)
    return (
      <RecoveryScreen
        config={config}
        request={request}
        onDone={() => {
          onRecovered(request.toAccount())
          keepRecovery(undefined, localStorage)
        }}
        onStartAgain={() => change(undefined)}
      />
    )
  return <FindAccountScreen config={config} wasDamaged={kept.wasDamaged} onStarted={change} onLeave={onLeave} />
}

type FindAccountScreenProps = {
  config: RekeyConfig
  wasDamaged: boolean
  onStarted: (request: RecoveryRequest) => void
  onLeave: () => void
}

/** Asks for the account, and creates the new passkey. */
function FindAccountScreen({ config, wasDamaged, onStarted, onLeave }: FindAccountScreenProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [task, run] = useTask()
  const start = (event: FormEvent): void => {
    event.preventDefault()
    const address = text.trim()
    if (!isAddress(address, { strict: false }))
      setProblem('This is not an address. It starts with 0x and has 42 characters; check for a typo.')
    else
      void run('start', async (signal) => {
        const account = getAddress(address)
        onStarted(await startRecovery(config, { account, name: `Rekey ${account.slice(0, 6)}`, signal }))
      })
  }
  return (
    <Page title="I lost my passkey">
      <p className="lead">
        Make a new passkey on this device. Then your guardian approves it, and it opens your account on every network.
      </p>
      <ErrorNotice error={wasDamaged ? damaged : undefined} />
      <TaskError task={task} />
      <form className="card" onSubmit={start} noValidate>
        <TextField
          label="Address of your account"
          hint="Your guardian, or any app you used, can tell you."
          value={text}
          problem={problem}
          isCode
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        <p className="soft">Your device asks twice: to make the passkey, and to show that it works.</p>
        <div className="actions">
          <Button kind="primary" name="start" task={task}>
            Make a new passkey
          </Button>
          <Button onClick={onLeave}>Back</Button>
        </div>
      </form>
    </Page>
  )
}
