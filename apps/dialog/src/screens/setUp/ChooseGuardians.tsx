import { use } from 'react'
import { AddressGroups } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { Page } from '../../components/Page.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { accountAt, chosenTitle, guardianLabel, isAddressShown } from '../../flows/policyWords.ts'
import type { ChosenGuardian, GuardianChoice, SetUp, SetUpEvent } from '../../flows/setUp.ts'
import { type Provider, wayTo } from '../../flows/signIns.ts'

type ChooseGuardiansProps = {
  setUp: SetUp
  dispatch: (event: SetUpEvent) => void
  onLeave: () => void
}

const offers: readonly { choice: GuardianChoice; add: string; hint: string }[] = [
  { choice: 'codes', add: 'Make recovery codes', hint: 'Ten codes on paper. Each works once.' },
  { choice: 'passphrase', add: 'Make a passphrase', hint: 'Seven words that you write down or remember.' },
  { choice: 'wallet', add: 'Add a wallet', hint: 'A wallet of somebody you trust, or one of yours kept elsewhere.' },
  { choice: 'friend', add: 'Add a friend’s passkey', hint: 'A friend who has an account here approves with it.' },
]

const signInOffer = (provider: Provider): (typeof offers)[number] => ({
  choice: wayTo(provider),
  add: `Add your ${accountAt(provider)}`,
  hint: `You approve by signing in at ${provider.name}.`,
})

/** The first step: who can let the owner back in. */
export function ChooseGuardians({ setUp: { guardians, before }, dispatch, onLeave }: ChooseGuardiansProps) {
  const { providers } = use(SignInContext)
  const kinds = new Set(guardians.map(({ input }) => input.kind)).size
  return (
    <Page title={before ? 'Change guardians: who' : 'Set up recovery: your guardians'}>
      <p className="soft">Step 1 of 3</p>
      <p className="lead">
        {before
          ? 'Add guardians, or take some off. Nothing changes before you approve it, and then only after a wait.'
          : 'If you lose your passkey, guardians let you back in. They never hold your money; how many it takes, and how long, you choose in the next step.'}
      </p>
      <section className="card" data-section="chosen">
        <h2>Chosen</h2>
        {guardians.length === 0 ? (
          <p className="soft">None yet. Two of different kinds are best: they are not lost in the same way.</p>
        ) : (
          <ul className="list">
            {guardians.map((guardian) => (
              <ChosenItem
                key={guardian.input.signer}
                guardian={guardian}
                onRemove={() => dispatch({ type: 'removed', signer: guardian.input.signer })}
              />
            ))}
          </ul>
        )}
        {guardians.length > 0 && kinds === 1 && (
          <p className="soft">One of another kind would make it safer, and quicker when you need it.</p>
        )}
      </section>
      <section className="card">
        <h2>Add</h2>
        <ul className="list">
          {[...offers, ...providers.map(signInOffer)].map(({ choice, add, hint }) => (
            <li key={choice}>
              <span id={`hint-${choice}`}>{hint}</span>
              <Button describedBy={`hint-${choice}`} onClick={() => dispatch({ type: 'addBegun', choice })}>
                {isMade(guardians, choice) ? `${add} anew` : add}
              </Button>
            </li>
          ))}
        </ul>
      </section>
      <div className="actions">
        {guardians.length > 0 && (
          <Button kind="primary" onClick={() => dispatch({ type: 'wentTo', step: 'preset' })}>
            Next: how long it takes
          </Button>
        )}
        <Button onClick={onLeave}>{before ? 'Back to your account' : 'Not now'}</Button>
      </div>
    </Page>
  )
}

/** Codes and passphrase are there once: made again, they replace the first ones. */
function isMade(guardians: readonly ChosenGuardian[], choice: GuardianChoice): boolean {
  return (choice === 'codes' || choice === 'passphrase') && guardians.some((one) => one.choice === choice)
}

function ChosenItem({ guardian, onRemove }: { guardian: ChosenGuardian; onRemove: () => void }) {
  const { choice, input } = guardian
  const title = chosenTitle(guardian)
  return (
    <li data-guardian={choice}>
      <div>
        <strong>{title}</strong>
        {isAddressShown(input) && (
          <p>
            <AddressGroups address={input.signer} label={title} />
          </p>
        )}
      </div>
      <Button kind="quiet" onClick={onRemove}>
        Take off
        <span className="visually-hidden"> {input.name ? title : guardianLabel(input, guardian.signIns)}</span>
      </Button>
    </li>
  )
}
