import type { RekeyConfig } from '@rekey/sdk'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { useProvidersIn } from '../../components/signInSite.ts'
import type { CheckedAccount } from '../../components/useHealth.ts'
import { findingWords, scoreWord } from '../../flows/healthWords.ts'
import { guardianLabel } from '../../flows/policyWords.ts'
import type { Path } from '../../flows/route.ts'

type FindingsProps = { config: RekeyConfig; checked: CheckedAccount; onGoTo: (path: Path) => void }

/** The score, and what costs points: why it matters, and what to do. */
export function Findings({ config, checked: { health, facts }, onGoTo }: FindingsProps) {
  const { score, findings } = health
  const guardians = facts.policy?.guardians ?? []
  const signIns = useProvidersIn(facts.policy)
  return (
    <section className="card" data-section="health">
      <h2>Score</h2>
      <p role="status">
        <strong className="amount">{score}</strong> of 100. {scoreWord(score)}.
      </p>
      <meter aria-label="Safety score" min={0} max={100} low={40} high={70} optimum={100} value={score} />
      {findings.length === 0 && <p>Nothing to improve. Look again after you change something, or once a year.</p>}
      <ul className="list">
        {findings.map(({ code, chainIds, guardians: places }) => {
          const { reason, fix, goTo } = findingWords[code]
          const about = [
            ...(chainIds ?? []).map((chainId) => chainName(config, chainId)),
            ...(places ?? []).flatMap((place) => {
              const guardian = guardians[place]
              return guardian ? [guardianLabel(guardian, signIns[place])] : []
            }),
          ]
          return (
            <li key={code} data-finding={code}>
              <div>
                <strong>{reason}</strong>
                {about.length > 0 && <p className="soft">{about.join(', ')}</p>}
                <p>{fix}</p>
              </div>
              {goTo && (
                <Button kind="quiet" onClick={() => onGoTo(goTo.path)}>
                  {goTo.label}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
