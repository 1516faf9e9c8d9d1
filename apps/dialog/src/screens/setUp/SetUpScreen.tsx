import type { PasskeyAccount } from '@rekey/sdk'
import { useReducer } from 'react'
import { type ChosenGuardian, emptySetUp, type GuardianChoice, setUpReducer } from '../../flows/setUp.ts'
import { AddCodes } from './AddCodes.tsx'
import { AddFriend } from './AddFriend.tsx'
import { AddPassphrase } from './AddPassphrase.tsx'
import { AddWallet } from './AddWallet.tsx'
import { ChooseGuardians } from './ChooseGuardians.tsx'
import { ChoosePreset } from './ChoosePreset.tsx'
import { ConfirmPlan } from './ConfirmPlan.tsx'

/** What every screen for one guardian takes. */
export type AddGuardianProps = {
  account: PasskeyAccount
  /** Without a guardian: the owner went back. */
  onEnd: (guardian?: ChosenGuardian) => void
}

const addScreens: Readonly<Record<GuardianChoice, (props: AddGuardianProps) => React.ReactNode>> = {
  wallet: AddWallet,
  friend: AddFriend,
  passphrase: AddPassphrase,
  codes: AddCodes,
}

/** Setting up recovery, in three steps: who, how, and one approval for all networks. */
export function SetUpScreen({ account, onLeave }: { account: PasskeyAccount; onLeave: () => void }) {
  const [setUp, dispatch] = useReducer(setUpReducer, emptySetUp)
  if (setUp.adding) {
    const AddScreen = addScreens[setUp.adding]
    return <AddScreen account={account} onEnd={(guardian) => dispatch({ type: 'addEnded', guardian })} />
  }
  switch (setUp.step) {
    case 'guardians':
      return <ChooseGuardians guardians={setUp.guardians} dispatch={dispatch} onLeave={onLeave} />
    case 'preset':
      return <ChoosePreset account={account} setUp={setUp} dispatch={dispatch} />
    case 'confirm':
      return setUp.plan ? (
        <ConfirmPlan
          account={account}
          plan={setUp.plan}
          guardians={setUp.guardians}
          onBack={() => dispatch({ type: 'wentTo', step: 'preset' })}
          onDone={onLeave}
        />
      ) : (
        <ChoosePreset account={account} setUp={setUp} dispatch={dispatch} />
      )
  }
}
