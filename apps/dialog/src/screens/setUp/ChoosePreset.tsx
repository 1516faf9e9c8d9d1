import type { PasskeyAccount } from '@rekey/sdk'
import { planRecovery, type RecoveryPreset } from '@rekey/sdk/recovery'
import { type FormEvent, useId } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useTask } from '../../components/useTask.ts'
import { presetWords } from '../../flows/policyWords.ts'
import { isPresetPossible, type SetUp, type SetUpEvent } from '../../flows/setUp.ts'

/** The recommended one first. */
const order: readonly RecoveryPreset[] = ['careful', 'simple', 'fast', 'guarded', 'sovereign']

type ChoosePresetProps = { account: PasskeyAccount; setUp: SetUp; dispatch: (event: SetUpEvent) => void }

/** The second step: how many guardians it takes, and how long. */
export function ChoosePreset({ account, setUp: { guardians, preset }, dispatch }: ChoosePresetProps) {
  const [task, run] = useTask()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void run('plan', async (signal) => {
      const inputs = guardians.map(({ input }) => input)
      dispatch({ type: 'planned', plan: await planRecovery(account, { guardians: inputs, preset, signal }) })
    })
  }
  return (
    <Page title="Set up recovery: how it works">
      <p className="soft">Step 2 of 3</p>
      <p className="lead">
        The wait is there for you: it is the time in which you can stop a recovery that is not yours.
      </p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <fieldset>
          <legend>How do guardians let you back in?</legend>
          {order.map((choice) => (
            <PresetChoice
              key={choice}
              preset={choice}
              isChosen={choice === preset}
              isPossible={isPresetPossible(choice, guardians)}
              onChoose={() => dispatch({ type: 'presetChosen', preset: choice })}
            />
          ))}
        </fieldset>
        <div className="actions">
          <Button kind="primary" name="plan" task={task}>
            Next: look it over
          </Button>
          <Button onClick={() => dispatch({ type: 'wentTo', step: 'guardians' })}>Back</Button>
        </div>
      </form>
    </Page>
  )
}

type PresetChoiceProps = { preset: RecoveryPreset; isChosen: boolean; isPossible: boolean; onChoose: () => void }

function PresetChoice({ preset, isChosen, isPossible, onChoose }: PresetChoiceProps) {
  const id = useId()
  const [name, meaning] = presetWords[preset]
  return (
    <label className="choice" data-preset={preset}>
      <input
        type="radio"
        name="preset"
        checked={isChosen}
        disabled={!isPossible}
        aria-describedby={id}
        onChange={onChoose}
      />
      <span>
        <strong>{preset === 'careful' ? `${name} (recommended)` : name}</strong>
        <span id={id} className="block">
          {meaning}
          {!isPossible && ' It takes two kinds of guardians; you have chosen one.'}
        </span>
      </span>
    </label>
  )
}
