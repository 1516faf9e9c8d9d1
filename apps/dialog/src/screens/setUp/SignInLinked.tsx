import type { RekeyConfig } from '@rekey/sdk'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { Page } from '../../components/Page.tsx'
import { TextField } from '../../components/TextField.tsx'
import { accountAt } from '../../flows/policyWords.ts'
import type { ChosenGuardian } from '../../flows/setUp.ts'
import { type Provider, wayTo } from '../../flows/signIns.ts'
import { linkedWords } from '../../flows/signInWords.ts'
import type { LinkedAccount } from '../../lib/providerSignIn.ts'

type SignInLinkedProps = {
  config: RekeyConfig
  provider: Provider
  linked: LinkedAccount
  /** Without a guardian: the owner went back. */
  onEnd: (guardian?: ChosenGuardian) => void
  /** Not this account: sign in with another one. */
  onAnother: () => void
}

/** The sign-in worked: which account it was is for its owner to remember. */
export function SignInLinked({ config, provider, linked, onEnd, onAnother }: SignInLinkedProps) {
  const [name, setName] = useState('')
  const { title, lead } = linkedWords(provider)
  const { input, chainsBehind, isThere } = linked
  const add = (): void => {
    const label = name.trim()
    onEnd({ choice: wayTo(provider), input: label === '' ? input : { ...input, name: label }, signIns: [provider] })
  }
  return (
    <Page title={isThere ? 'This account is on the list' : title}>
      <p className="lead">
        {isThere ? 'The same account counts once, however often it is added. Sign in with another one.' : lead}
      </p>
      {!isThere && (
        <section className="card">
          <TextField
            label="Which account it is (only for you, on this screen)"
            value={name}
            maxLength={40}
            onChange={setName}
          />
          {chainsBehind.length > 0 && (
            <div className="notice warning">
              <strong>Not usable everywhere yet.</strong>
              <span>
                {chainsBehind.map((chainId) => chainName(config, chainId)).join(', ')}: the key that {provider.name}{' '}
                signs with now is not known there. New keys take some days. You can add the account all the same; until
                then it can’t approve there.
              </span>
            </div>
          )}
        </section>
      )}
      <div className="actions">
        {!isThere && (
          <Button kind="primary" onClick={add}>
            Add this {accountAt(provider)}
          </Button>
        )}
        <Button kind={isThere ? 'primary' : 'secondary'} onClick={onAnother}>
          Sign in with another one
        </Button>
        <Button kind="quiet" onClick={() => onEnd()}>
          Back
        </Button>
      </div>
    </Page>
  )
}
