import type { Tier } from '@rekey/sdk'
import { freezeSentence, tierSentence } from '../flows/policyWords.ts'

type TiersProps = {
  tiers: readonly Tier[]
  /** How long one guardian may stop the account. */
  freezeHours?: number
  isForOwner?: boolean
}

/** What the guardians of a policy can do, a sentence for each way. */
export function Tiers({ tiers, freezeHours = 0, isForOwner = true }: TiersProps) {
  const sentences = tiers.map((tier) => tierSentence(tier, isForOwner))
  if (freezeHours > 0) sentences.push(freezeSentence(freezeHours))
  return (
    <ul className="notes">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
