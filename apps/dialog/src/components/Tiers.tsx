import type { Guardian, Tier } from '@rekey/sdk'
import { freezeSentence, tierSentence } from '../flows/policyWords.ts'

type TiersProps = {
  tiers: readonly Tier[]
  guardians: readonly Guardian[]
  /** How long one guardian may stop the account. */
  freezeHours?: number
  isForOwner?: boolean
}

/** What the guardians of a policy can do, a sentence for each way. */
export function Tiers({ tiers, guardians, freezeHours = 0, isForOwner = true }: TiersProps) {
  const sentences = tiers.map((tier) => tierSentence(tier, { isForOwner, guardians }))
  if (freezeHours > 0) sentences.push(freezeSentence(freezeHours))
  return (
    <ul className="notes">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
