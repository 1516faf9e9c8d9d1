import type { PasskeyAccount } from '@rekey/sdk'
import { AddressGroups } from '../components/AddressText.tsx'
import { Button } from '../components/Button.tsx'
import { chainName } from '../components/ChainList.tsx'
import { useProvidersIn } from '../components/signInSite.ts'
import { Tiers } from '../components/Tiers.tsx'
import { newestPolicy, usePolicies } from '../components/usePolicies.ts'
import { guardianTitle, isAddressShown, sortOfKind, weightWords } from '../flows/policyWords.ts'
import type { Path } from '../flows/route.ts'
import { AlignNotice } from './AlignNotice.tsx'
import { CodesLeft } from './codes/CodesLeft.tsx'

type GuardiansSectionProps = { account: PasskeyAccount; onGoTo: (path: Path) => void; onChanged: () => void }

/** Who can give the account back, on all networks. */
export function GuardiansSection({ account, onGoTo, onChanged }: GuardiansSectionProps) {
  const { found, unreachable, load } = usePolicies(account)
  const newest = newestPolicy(found ?? [])
  const signIns = useProvidersIn(newest?.policy)
  const behind = found?.filter(({ policy }) => newest && policy?.hash !== newest.hash) ?? []
  return (
    <section className="card" data-section="guardians">
      <h2>Recovery</h2>
      {found === undefined && <p className="soft">Looking at the networks…</p>}
      {newest && (
        <>
          <ul className="list" aria-label="Guardians">
            {newest.policy.guardians.map((guardian, place) => (
              <li key={guardian.signer} data-guardian={sortOfKind(guardian.kind) ?? 'other'}>
                <div>
                  <strong>
                    {guardianTitle(guardian, signIns[place])}
                    {weightWords(guardian)}
                  </strong>
                  {isAddressShown(guardian) && (
                    <p>
                      <AddressGroups address={guardian.signer} label="Guardian" />
                    </p>
                  )}
                  {sortOfKind(guardian.kind) === 'codes' && <CodesLeft account={account} />}
                </div>
              </li>
            ))}
          </ul>
          <Tiers {...newest.policy} />
          <div className="actions">
            <Button onClick={() => onGoTo('/safety')}>Safety check</Button>
            <Button onClick={() => onGoTo('/change-guardians')}>Change guardians</Button>
            {newest.policy.guardians.some(({ kind }) => sortOfKind(kind) === 'codes') && (
              <Button onClick={() => onGoTo('/codes')}>Recovery codes</Button>
            )}
            <Button onClick={() => onGoTo('/freeze')}>Emergency stop</Button>
          </div>
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
      {unreachable.length > 0 && !newest && (
        <>
          <p className="problem" role="alert">
            {unreachable.map((id) => chainName(account.config, id)).join(', ')}: no answer. Nothing is known about
            guardians there now.
          </p>
          <Button onClick={() => void load()}>Try again</Button>
        </>
      )}
      {found !== undefined && unreachable.length === 0 && !newest && (
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
