import type { RecoveryPlan } from '@rekey/sdk/recovery'
import { scoreWord } from '../../flows/healthWords.ts'

/** How good a plan is by itself, before it is signed; the safety check says more once the networks have it. */
export function PlanScore({ plan }: { plan: Pick<RecoveryPlan, 'score'> }) {
  const { score } = plan
  return (
    <>
      <h2>How safe that is</h2>
      <p data-score={score}>
        <strong className="amount">{score}</strong> of 100. {scoreWord(score)}.
      </p>
      <meter aria-label="Score of these guardians" min={0} max={100} low={40} high={70} optimum={100} value={score} />
    </>
  )
}
