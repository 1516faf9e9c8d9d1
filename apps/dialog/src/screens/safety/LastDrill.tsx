import type { Policy } from '@rekey/sdk'
import { Button } from '../../components/Button.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import { guardianLabel } from '../../flows/policyWords.ts'
import type { Path } from '../../flows/route.ts'
import { formatTime } from '../../lib/format.ts'

type LastDrillProps = {
  policy: Policy
  /** When each guardian last showed that it can sign, by its place. */
  provenAt: Readonly<Record<number, number>>
  onGoTo: (path: Path) => void
}

/** When each guardian last showed that it could help. */
export function LastDrill({ policy, provenAt, onGoTo }: LastDrillProps) {
  const signIns = useProvidersIn(policy)
  return (
    <section className="card" data-section="drill">
      <h2>Last drill</h2>
      <ul className="list">
        {policy.guardians.map((guardian, place) => (
          <li key={guardian.signer}>
            <span>{guardianLabel(guardian, signIns[place])}</span>
            <span className="soft">{provenWords(provenAt[place])}</span>
          </li>
        ))}
      </ul>
      <Button onClick={() => onGoTo('/drill')}>Start a drill</Button>
    </section>
  )
}

/** A node that does not tell times leaves 0. */
function provenWords(time: number | undefined): string {
  if (time === undefined) return 'Never tried'
  return time === 0 ? '✓ Tried' : `✓ ${formatTime(time)}`
}
