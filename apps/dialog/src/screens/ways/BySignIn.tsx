import { use, useEffect, useRef, useState } from 'react'
import { type Arrival, ArrivalContext } from '../../components/arrival.ts'
import { Button } from '../../components/Button.tsx'
import { Page } from '../../components/Page.tsx'
import { PublicFacts } from '../../components/PublicFacts.tsx'
import { SignInForm } from '../../components/SignInForm.tsx'
import { accountAt } from '../../flows/policyWords.ts'
import type { Provider } from '../../flows/signIns.ts'
import { approvalPublicLead } from '../../flows/signInWords.ts'
import { approveBySignIn, isFor, leaveToSignIn, toSignInProvider } from '../../lib/providerSignIn.ts'
import type { WayProps } from './inHand.ts'

/** Approves by signing in at a provider, with the request's own nonce: the sign-in is good for nothing else. */
export function BySignIn({ provider, config, ask, onEnd }: WayProps & { provider: Provider }) {
  const { arrival, take } = use(ArrivalContext)
  const { request, task, collect } = ask
  // Leaving the screen ends a sign-in that is under way in another window.
  const [leaving] = useState(() => new AbortController())
  useEffect(() => () => leaving.abort(), [leaving])
  const approve = (back?: Arrival): void =>
    void collect('signIn', async (ended) => {
      const signal = AbortSignal.any([ended, leaving.signal])
      await approveBySignIn(config, request, { provider, signal, arrival: back })
      onEnd()
    })

  // A sign-in that came back in this very window goes on by itself: it was asked for here, and for this request.
  const taken = useRef(false)
  useEffect(() => {
    if (!arrival || taken.current) return
    taken.current = true
    take()
    if (isFor(request, arrival)) approve(arrival)
  })
  return (
    <Page title={`Sign in with ${provider.name}`}>
      <p className="lead">
        With the {accountAt(provider)} that you made a guardian. It approves this request and nothing else.
      </p>
      <section className="card">
        <h2>What becomes public</h2>
        <PublicFacts lead={approvalPublicLead} facts={toSignInProvider(provider).becomesPublic} />
      </section>
      <SignInForm
        name={provider.name}
        task={task}
        onSignIn={() => approve()}
        onRedirect={() => leaveToSignIn(provider, request.digest)}
        actions={<Button onClick={onEnd}>Other ways</Button>}
      />
    </Page>
  )
}
