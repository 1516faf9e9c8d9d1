import type { PasskeyAccount } from '@rekey/sdk'
import { planRecovery, policyWarnings } from '@rekey/sdk/recovery'
import { type FormEvent, useId } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useTask } from '../../components/useTask.ts'
import { presetWords, tierSentence } from '../../flows/policyWords.ts'
import {
  canBeAtOnce,
  isAsNowOffered,
  isPresetPossible,
  type PresetChoice,
  planParameters,
  presetOrder,
  type SetUp,
  type SetUpEvent,
  tiersOf,
} from '../../flows/setUp.ts'
import { formatDuration } from '../../lib/format.ts'
import { AtOnceChoice } from './AtOnceChoice.tsx'
import { Warnings } from './Warnings.tsx'

type ChoosePresetProps = { account: PasskeyAccount; setUp: SetUp; dispatch: (event: SetUpEvent) => void }

/** How long a guardian may stop an account, where its owner wants that. */
const offeredFreezeHours = 48

/** The second step: how many guardians it takes, how long, and what to know before choosing that. */
export function ChoosePreset({ account, setUp, dispatch }: ChoosePresetProps) {
  const { guardians, preset, isAtOnce, freezeHours, before } = setUp
  const [task, run] = useTask()
  const inputs = guardians.map(({ input }) => input)
  const isPossible = (choice: PresetChoice): boolean => isPresetPossible(choice, guardians, before)
  const offered: readonly PresetChoice[] = isAsNowOffered(setUp) ? ['asNow', ...presetOrder] : presetOrder
  const chosen = isPossible(preset) ? preset : 'careful'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void run('plan', async (signal) => {
      const parameters = planParameters({ ...setUp, preset: chosen })
      dispatch({ type: 'planned', plan: await planRecovery(account, { ...parameters, signal }) })
    })
  }
  return (
    <Page title={before ? 'Change guardians: how it works' : 'Set up recovery: how it works'}>
      <p className="soft">Step 2 of 3</p>
      <p className="lead">
        The wait is there for you: it is the time in which you can stop a recovery that is not yours.
      </p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <fieldset>
          <legend>How do guardians let you back in?</legend>
          {offered.map((choice) => (
            <PresetRadio
              key={choice}
              preset={choice}
              isChosen={choice === chosen}
              isPossible={isPossible(choice)}
              onChoose={() => dispatch({ type: 'presetChosen', preset: choice })}
            >
              {choice === 'asNow' && before?.tiers.map((tier) => ` ${tierSentence(tier, before)}`)}
            </PresetRadio>
          ))}
        </fieldset>
        {canBeAtOnce(chosen, guardians) && (
          <AtOnceChoice
            isChosen={isAtOnce}
            onChoose={(wanted) => dispatch({ type: 'atOnceChosen', isAtOnce: wanted })}
          />
        )}
        <Warnings warnings={policyWarnings(tiersOf(chosen, guardians, before, isAtOnce), inputs)} />
        <FreezeChoice hours={freezeHours} onChoose={(hours) => dispatch({ type: 'freezeChosen', hours })} />
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

type PresetRadioProps = {
  preset: PresetChoice
  isChosen: boolean
  isPossible: boolean
  onChoose: () => void
  children?: React.ReactNode
}

function PresetRadio({ preset, isChosen, isPossible, onChoose, children }: PresetRadioProps) {
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
          {children}
        </span>
      </span>
    </label>
  )
}

/** Whether one guardian may stop the account for a while; what was set elsewhere can be kept. */
function FreezeChoice({ hours, onChoose }: { hours: number; onChoose: (hours: number) => void }) {
  const id = useId()
  return (
    <fieldset>
      <legend>Emergency stop</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={hours > 0}
          aria-describedby={id}
          onChange={(event) => onChoose(event.target.checked ? offeredFreezeHours : 0)}
        />
        <span>
          <strong>
            Any one guardian may stop the account for {formatDuration((hours > 0 ? hours : offeredFreezeHours) * 3_600)}
          </strong>
          <span id={id} className="block">
            For when a thief has your passkey: nothing leaves the account while you recover it. You can’t use it either,
            and a guardian could do it against your will, once a month.
          </span>
        </span>
      </label>
    </fieldset>
  )
}
