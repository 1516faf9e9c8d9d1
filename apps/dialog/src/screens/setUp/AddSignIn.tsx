import { use, useEffect, useRef, useState } from 'react'
import { type Arrival, ArrivalContext } from '../../components/arrival.ts'
import { Button } from '../../components/Button.tsx'
import { Page } from '../../components/Page.tsx'
import { PublicFacts } from '../../components/PublicFacts.tsx'
import { SignInForm } from '../../components/SignInForm.tsx'
import { SignInContext } from '../../components/signInSite.ts'
import { useTask } from '../../components/useTask.ts'
import { accountAt } from '../../flows/policyWords.ts'
import type { Provider } from '../../flows/signIns.ts'
import { guardianWords } from '../../flows/signInWords.ts'
import { type LinkedAccount, leaveToSignIn, linkBySignIn, toSignInProvider } from '../../lib/providerSignIn.ts'
import type { AddGuardianProps } from './SetUpScreen.tsx'
import { SignInLinked } from './SignInLinked.tsx'

/** Makes an account at a provider a guardian: what that means first, then a real sign-in. */
export function AddSignIn({
  account,
  guardians,
  provider,
  keepList,
  onEnd,
}: AddGuardianProps & { provider: Provider }) {
  const { registry } = use(SignInContext)
  const { arrival, take } = use(ArrivalContext)
  const [linked, setLinked] = useState<LinkedAccount>()
  const [task, run] = useTask()
  const { isBridged, becomesPublic } = toSignInProvider(provider)
  const words = guardianWords(provider, isBridged)
  const link = (back?: Arrival): void =>
    void run('signIn', async (signal) => {
      if (!registry) return
      const inputs = guardians.map(({ input }) => input)
      const parameters = { registry, guardians: inputs, provider, signal, arrival: back }
      setLinked(await linkBySignIn(account.config, parameters))
    })
  const redirect = (): void => {
    keepList()
    leaveToSignIn(provider)
  }

  // A sign-in that came back in this very window goes on by itself.
  const taken = useRef(false)
  useEffect(() => {
    if (!arrival || taken.current) return
    taken.current = true
    take()
    link(arrival)
  })

  if (linked)
    return (
      <SignInLinked
        config={account.config}
        provider={provider}
        linked={linked}
        onEnd={onEnd}
        onAnother={() => setLinked(undefined)}
      />
    )
  return (
    <Page title={`Add your ${accountAt(provider)}`}>
      <p className="lead">
        If you lose your passkey, you sign in there{isBridged ? '' : ', and the networks check the sign-in themselves'}.
      </p>
      <section className="card">
        <h2>What becomes public</h2>
        <PublicFacts lead={words.publicLead} facts={becomesPublic} />
        <p className="soft">{words.notPublic}</p>
      </section>
      <section className="card">
        <h2>Whom you trust</h2>
        {words.trust.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </section>
      <SignInForm
        name={provider.name}
        task={task}
        onSignIn={() => link()}
        onRedirect={redirect}
        actions={<Button onClick={() => onEnd()}>Back</Button>}
      />
    </Page>
  )
}
