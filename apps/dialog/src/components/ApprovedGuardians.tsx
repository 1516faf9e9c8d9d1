import type { Policy } from '@rekey/sdk'
import { guardianLabel, weightWords } from '../flows/policyWords.ts'
import { useProvidersIn } from './signInSite.ts'

type ApprovedGuardiansProps = { policy: Policy; approved: readonly number[] }

/** The guardians of a policy, and who of them has approved. */
export function ApprovedGuardians({ policy, approved }: ApprovedGuardiansProps) {
  const signIns = useProvidersIn(policy)
  return (
    <ul className="list" aria-label="Guardians">
      {policy.guardians.map((guardian, index) => (
        <li key={guardian.signer} data-approved={approved.includes(index)}>
          <span>
            {guardianLabel(guardian, signIns[index])}
            {weightWords(guardian)}
          </span>
          <span className="soft">{approved.includes(index) ? '✓ Approved' : 'Not yet'}</span>
        </li>
      ))}
    </ul>
  )
}
