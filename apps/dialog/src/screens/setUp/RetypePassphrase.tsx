import type { PasskeyAccount } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { createPassphrase } from '@rekey/sdk/passphrase'
import type { GuardianInput } from '@rekey/sdk/recovery'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Progress } from '../../components/Progress.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useTask } from '../../components/useTask.ts'
import { askedPlaces, isTypedBack } from '../../flows/passphraseWords.ts'

type RetypePassphraseProps = {
  account: PasskeyAccount
  phrase: string
  onGuardian: (guardian: GuardianInput) => void
  onBack: () => void
}

const randomFraction = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32

/** Asks for two of the words, then makes the guardian: some seconds of work for this device, and for every guess. */
export function RetypePassphrase({ account, phrase, onGuardian, onBack }: RetypePassphraseProps) {
  const [places] = useState(() => askedPlaces(phrase, randomFraction))
  const [typed, setTyped] = useState<readonly string[]>(places.map(() => ''))
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState(0)
  const [hasNoMemory, setNoMemory] = useState(false)
  const [task, run] = useTask()

  const make = (cost: 'standard' | 'low'): void =>
    void run(cost, async (signal) => {
      const personal = [account.address, account.config.rpName]
      try {
        onGuardian((await createPassphrase({ phrase, personal, cost, signal, onProgress: setDone })).guardian)
      } catch (error) {
        if (isRekeyError(error, 'PASSPHRASE_NOT_ENOUGH_MEMORY')) setNoMemory(true)
        throw error
      }
    })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isTypedBack(phrase, places, typed)) make('standard')
    else setProblem('These are not the words at these places. Look at what you wrote down.')
  }
  const isWorking = task.status === 'working'
  return (
    <Page title="Type two words back">
      <p className="lead">So that it is certain that you have them. They are not shown again after this.</p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        {places.map((place, index) => (
          <TextField
            key={place}
            label={`Word ${place}`}
            value={typed[index] ?? ''}
            problem={index === 0 ? problem : undefined}
            onChange={(value) => {
              setTyped(typed.map((old, at) => (at === index ? value : old)))
              setProblem(undefined)
            }}
          />
        ))}
        {isWorking && (
          <Progress label="Making the guardian. This takes some seconds, here and for every guess." done={done} />
        )}
        <div className="actions">
          <Button kind="primary" name="standard" task={task}>
            Use this passphrase
          </Button>
          {hasNoMemory && (
            <Button name="low" task={task} onClick={() => make('low')}>
              Use less memory (guesses get cheaper)
            </Button>
          )}
          {!isWorking && <Button onClick={onBack}>Back to the words</Button>}
        </div>
      </form>
    </Page>
  )
}
