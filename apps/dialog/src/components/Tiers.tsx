import type { Tier } from '@rekey/sdk'
import { tierSentence } from '../flows/policyWords.ts'

/** What the guardians of a policy can do, a sentence for each way. */
export function Tiers({ tiers }: { tiers: readonly Tier[] }) {
  return (
    <ul className="notes">
      {tiers.map((tier) => (
        <li key={tierSentence(tier)}>{tierSentence(tier)}</li>
      ))}
    </ul>
  )
}
