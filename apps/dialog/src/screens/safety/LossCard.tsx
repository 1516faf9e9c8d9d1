import type { Policy } from '@rekey/sdk'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import { type Fate, lossWords, playLoss } from '../../flows/lossWords.ts'
import { type PasskeyRow, passkeyTitle } from '../../flows/passkeyRows.ts'
import { guardianLabel } from '../../flows/policyWords.ts'
import { FateSelect } from './FateSelect.tsx'

type LossCardProps = {
  policy: Policy
  passkeys: readonly PasskeyRow[]
  /** The networks' time, Unix seconds. */
  now: number
}

/** "What if I lose this device?": whatever is lost or stolen is chosen, and the outcome follows. Nothing is asked or sent. */
export function LossCard({ policy, passkeys, now }: LossCardProps) {
  const signIns = useProvidersIn(policy)
  const [ownFates, setOwnFates] = useState<readonly Fate[]>(() => fatesOfDevice(passkeys, 'lost'))
  const [guardianFates, setGuardianFates] = useState<readonly Fate[]>(() => policy.guardians.map(() => 'kept'))
  const { tone, title, text } = lossWords(playLoss(policy, { passkeys: ownFates, guardians: guardianFates, now }))
  const losePhone = (fate: Fate): void => {
    setOwnFates(fatesOfDevice(passkeys, fate))
    setGuardianFates(policy.guardians.map(() => 'kept'))
  }
  return (
    <section className="card" data-section="loss">
      <h2>What if I lose this device?</h2>
      <p className="soft">Try it out: nothing is sent, and nothing changes.</p>
      <div className="actions">
        <Button onClick={() => losePhone('lost')}>This device is lost</Button>
        <Button onClick={() => losePhone('stolen')}>A thief opens it</Button>
      </div>
      <fieldset>
        <legend>Passkeys</legend>
        {passkeys.map((row, place) => (
          <FateSelect
            key={row.commitment}
            label={row.isThisDevice ? `${passkeyTitle(row)} (in use here)` : passkeyTitle(row)}
            value={ownFates[place] ?? 'kept'}
            onChange={(fate) => setOwnFates(withFate(ownFates, place, fate))}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>Guardians</legend>
        {policy.guardians.map((guardian, place) => (
          <FateSelect
            key={guardian.signer}
            label={guardianLabel(guardian, signIns[place])}
            value={guardianFates[place] ?? 'kept'}
            onChange={(fate) => setGuardianFates(withFate(guardianFates, place, fate))}
          />
        ))}
      </fieldset>
      <div className={`notice ${tone}`} role="status" data-outcome={tone}>
        <strong>{title}</strong>
        <span>{text}</span>
      </div>
    </section>
  )
}

function fatesOfDevice(passkeys: readonly PasskeyRow[], fate: Fate): readonly Fate[] {
  return passkeys.map(({ isThisDevice }) => (isThisDevice ? fate : 'kept'))
}

function withFate(fates: readonly Fate[], place: number, fate: Fate): readonly Fate[] {
  return fates.map((old, at) => (at === place ? fate : old))
}
