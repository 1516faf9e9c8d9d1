import type { Tier } from '@rekey/sdk'
import { tierSentence } from '../flows/policyWords.ts'

/** What the guardians of a policy can do, a sentence for each way. */
export function Tiers({ tiers, isForOwner = true }: { tiers: readonly Tier[]; isForOwner?: boolean }) {
  const sentences = tiers.map((tier) => tierSentence(tier, isForOwner))
  return (
    <ul className="notes">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
