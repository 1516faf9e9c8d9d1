import type { PasskeyAccount } from '@rekey/sdk'
import { lazy, type ReactNode, Suspense, use, useReducer, useState } from 'react'
import { ArrivalContext } from '../../components/arrival.ts'
import { SignInContext } from '../../components/signInSite.ts'
import {
  type ChosenGuardian,
  emptySetUp,
  type GuardianChoice,
  type SetUp,
  type SetUpEvent,
  setUpReducer,
} from '../../flows/setUp.ts'
import { isSignInWay, providerOnWay, type SignInWay } from '../../flows/signIns.ts'
import { keepSetUp, takeSetUp } from '../../lib/keptSetUp.ts'
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
  /** Those on the list already. */
  guardians: readonly ChosenGuardian[]
  /** Keeps the list while the page is away. */
  keepList: () => void
  /** Without a guardian: the owner went back. */
  onEnd: (guardian?: ChosenGuardian) => void
}

const addScreens: Readonly<Record<Exclude<GuardianChoice, SignInWay>, (props: AddGuardianProps) => ReactNode>> = {
  wallet: AddWallet,
  friend: AddFriend,
  passphrase: AddPassphrase,
  codes: AddCodes,
}

const AddSignIn = lazy(async () => ({ default: (await import('./AddSignIn.tsx')).AddSignIn }))

/** The screen for one guardian; what signing in takes is loaded when somebody wants to. */
function AddGuardian({ choice, ...props }: AddGuardianProps & { choice: GuardianChoice }) {
  const { providers } = use(SignInContext)
  if (!isSignInWay(choice)) {
    const AddScreen = addScreens[choice]
    return <AddScreen {...props} />
  }
  const provider = providerOnWay(providers, choice)
  return (
    provider && (
      <Suspense>
        <AddSignIn {...props} provider={provider} />
      </Suspense>
    )
  )
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
  const { arrival } = use(ArrivalContext)
  // Back from signing in elsewhere in this window: with the list as it was.
  const [begun] = useState<SetUp>(() => {
    const kept = arrival && takeSetUp(account, sessionStorage)
    return kept ? { ...initial, ...kept, adding: arrival?.way } : initial
  })
  const [setUp, change] = useReducer(setUpReducer, begun)
  const dispatch = (event: SetUpEvent): void => {
    onBegun?.()
    change(event)
  }
  if (setUp.adding) {
    const { adding, guardians } = setUp
    const onEnd = (guardian?: ChosenGuardian): void => dispatch({ type: 'addEnded', guardian })
    const keepList = (): void => keepSetUp(account, setUp, sessionStorage)
    return <AddGuardian choice={adding} account={account} guardians={guardians} keepList={keepList} onEnd={onEnd} />
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
