import type { PasskeyAccount } from '@rekey/sdk'
import { size } from 'viem'
import { AddressGroups } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { Tiers } from '../components/Tiers.tsx'
import { type FoundPolicy, usePolicies } from '../components/usePolicies.ts'
import { choiceOfKind, guardianTitle } from '../flows/policyWords.ts'
import type { Path } from '../flows/route.ts'
import { AlignNotice } from './AlignNotice.tsx'
import { CodesLeft } from './codes/CodesLeft.tsx'

type GuardiansSectionProps = { account: PasskeyAccount; onGoTo: (path: Path) => void; onChanged: () => void }

/** Who can give the account back, on all networks. */
export function GuardiansSection({ account, onGoTo, onChanged }: GuardiansSectionProps) {
  const [found, load] = usePolicies(account)
  const newest = newestPolicy(found ?? [])
  const behind = found?.filter(({ policy }) => newest && policy?.hash !== newest.hash) ?? []
  return (
    <section className="card" data-section="guardians">
      <h2>Recovery</h2>
      {found === undefined && <p className="soft">Looking at the networks…</p>}
      {newest && (
        <>
          <ul className="list" aria-label="Guardians">
            {newest.policy.guardians.map((guardian) => (
              <li key={guardian.signer} data-guardian={choiceOfKind(guardian.kind) ?? 'other'}>
                <div>
                  <strong>{guardianTitle(guardian)}</strong>
                  {isShown(guardian) && (
                    <p>
                      <AddressGroups address={guardian.signer} label="Guardian" />
                    </p>
                  )}
                  {choiceOfKind(guardian.kind) === 'codes' && <CodesLeft account={account} />}
                </div>
              </li>
            ))}
          </ul>
          <Tiers tiers={newest.policy.tiers} />
          {newest.policy.guardians.some(({ kind }) => choiceOfKind(kind) === 'codes') && (
            <Button onClick={() => onGoTo('/codes')}>Recovery codes</Button>
          )}
        </>
      )}
      {behind.length > 0 && (
        <AlignNotice
          account={account}
          chainIds={behind.map(({ chainId }) => chainId)}
          onAligned={async () => {
            await load()
            onChanged()
          }}
        />
      )}
      {found !== undefined && !newest && (
        <>
          <p>
            If you lose your passkey now, nobody can let you back in. Name guardians: it takes some minutes and costs
            nothing.
          </p>
          <Button kind="primary" onClick={() => onGoTo('/set-up')}>
            Set up recovery
          </Button>
        </>
      )}
    </section>
  )
}

/** The policy that took effect last: the others are behind. */
function newestPolicy(found: readonly FoundPolicy[]) {
  const policies = found.flatMap(({ policy }) => policy ?? [])
  return policies.toSorted((a, b) => b.setAt - a.setAt)[0]
}

/** Addresses say who it is; keys of passphrases and codes say nothing to anybody. */
function isShown({ kind, signer, isHidden }: { kind: number; signer: `0x${string}`; isHidden: boolean }): boolean {
  const choice = choiceOfKind(kind)
  return !isHidden && size(signer) === 20 && choice !== 'passphrase' && choice !== 'codes'
}
