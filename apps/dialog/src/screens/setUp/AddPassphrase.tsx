import type { GuardianInput } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { useWarnOnLeave } from '../../components/useWarnOnLeave.ts'
import { MakePassphrase } from './MakePassphrase.tsx'
import { RetypePassphrase } from './RetypePassphrase.tsx'
import type { AddGuardianProps } from './SetUpScreen.tsx'

/** Makes a passphrase: generated words or the owner's own, and a guardian only after some were typed back. */
export function AddPassphrase({ account, onEnd }: AddGuardianProps) {
  const [phrase, setPhrase] = useState<string>()
  useWarnOnLeave()
  if (phrase === undefined) return <MakePassphrase account={account} onChosen={setPhrase} onLeave={() => onEnd()} />
  return (
    <RetypePassphrase
      account={account}
      phrase={phrase}
      onGuardian={(input: GuardianInput) => onEnd({ choice: 'passphrase', input })}
      onBack={() => setPhrase(undefined)}
    />
  )
}
