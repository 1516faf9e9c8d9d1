import type { PasskeyAccount } from '@rekey/sdk'
import { type ReactNode, useReducer } from 'react'
import {
  type ChosenGuardian,
  emptySetUp,
  type GuardianChoice,
  type SetUp,
  type SetUpEvent,
  setUpReducer,
} from '../../flows/setUp.ts'
import { AddCodes } from './AddCodes.tsx'
import { AddFriend } from './AddFriend.tsx'
import { AddPassphrase } from './AddPassphrase.tsx'
import { AddWallet } from './AddWallet.tsx'
import { ChooseGuardians } from './ChooseGuardians.tsx'
import { ChoosePreset } from './ChoosePreset.tsx'
import { ConfirmChange } from './ConfirmChange.tsx'
import { ConfirmPlan } from './ConfirmPlan.tsx'

/** What every screen for one guardian takes. */
export type AddGuardianProps = {
  account: PasskeyAccount
  /** Without a guardian: the owner went back. */
  onEnd: (guardian?: ChosenGuardian) => void
}

const addScreens: Readonly<Record<GuardianChoice, (props: AddGuardianProps) => ReactNode>> = {
  wallet: AddWallet,
  friend: AddFriend,
  passphrase: AddPassphrase,
  codes: AddCodes,
}

type SetUpScreenProps = {
  account: PasskeyAccount
  /** Default: nothing is chosen yet. */
  initial?: SetUp
  /** Told when the owner begins to choose. */
  onBegun?: () => void
  onLeave: () => void
}

/** Setting up recovery, or changing it, in three steps: who, how, and one approval for all networks. */
export function SetUpScreen({ account, initial = emptySetUp, onBegun, onLeave }: SetUpScreenProps) {
  const [setUp, change] = useReducer(setUpReducer, initial)
  const dispatch = (event: SetUpEvent): void => {
    onBegun?.()
    change(event)
  }
  if (setUp.adding) {
    const AddScreen = addScreens[setUp.adding]
    return <AddScreen account={account} onEnd={(guardian) => dispatch({ type: 'addEnded', guardian })} />
  }
  const { step, plan, before, guardians } = setUp
  if (step === 'guardians') return <ChooseGuardians setUp={setUp} dispatch={dispatch} onLeave={onLeave} />
  if (step === 'preset' || !plan) return <ChoosePreset account={account} setUp={setUp} dispatch={dispatch} />
  const onBack = (): void => dispatch({ type: 'wentTo', step: 'preset' })
  return before ? (
    <ConfirmChange account={account} plan={plan} before={before} onBack={onBack} onDone={onLeave} />
  ) : (
    <ConfirmPlan account={account} plan={plan} guardians={guardians} onBack={onBack} onDone={onLeave} />
  )
}
