import { type PasskeyAccount, type PasskeyRequest, type RekeyConfig, requestPasskey } from '@rekey/sdk'
import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { FieldForm } from '../components/FieldForm.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
import { useField } from '../components/useField.ts'
import { useTask } from '../components/useTask.ts'
import { parseAddress } from '../lib/parseAddress.ts'
import { keepPasskeyRequest, parsePage, readKeptPasskeyRequest } from '../lib/passkeyRequests.ts'
import { DomainWaitScreen } from './DomainWaitScreen.tsx'

type DomainRequestScreenProps = {
  config: RekeyConfig
  /** Pages on other domains that this one knows of. */
  otherPages: readonly string[]
  onAccount: (account: PasskeyAccount) => void
  onLeave: () => void
}

/** Makes a passkey on this domain for an account of another one: by address, with that domain's consent. */
export function DomainRequestScreen({ config, otherPages, onAccount, onLeave }: DomainRequestScreenProps) {
  const [asked, setAsked] = useState(() => readKeptPasskeyRequest(localStorage))
  const change = (next: { request: PasskeyRequest; page: string } | undefined): void => {
    keepPasskeyRequest(next, localStorage)
    setAsked(next)
  }
  if (asked)
    return (
      <DomainWaitScreen
        config={config}
        {...asked}
        onAccount={(account) => {
          keepPasskeyRequest(undefined, localStorage)
          onAccount(account)
        }}
        onStartAgain={() => change(undefined)}
      />
    )
  return (
    <RequestForm
      config={config}
      otherPages={otherPages}
      onAsked={(request, page) => change({ request, page })}
      onLeave={onLeave}
    />
  )
}

type RequestFormProps = {
  config: RekeyConfig
  otherPages: readonly string[]
  onAsked: (request: PasskeyRequest, page: string) => void
  onLeave: () => void
}

/** Asks for the account and for the page that knows it, then makes the passkey. */
function RequestForm({ config, otherPages, onAsked, onLeave }: RequestFormProps) {
  const account = useField()
  const page = useField(otherPages[0])
  const [task, run] = useTask()
  const ask = (text: string): string | undefined => {
    const { address, problem } = parseAddress(text)
    const origin = parsePage(page.value)
    page.refuse(origin ? undefined : 'This is not the address of a secure page. It starts with https.')
    if (address && origin)
      void run('ask', async (signal) => {
        const name = `Rekey ${address.slice(0, 6)} on ${config.rpId}`
        onAsked(await requestPasskey(config, { account: address, name, signal }), origin)
      })
    return problem
  }
  return (
    <Page title="Use your account on this domain">
      <p className="lead">
        Make a passkey for <strong>{config.rpId}</strong>. If the page you use now ever goes away, your account opens
        here.
      </p>
      <TaskError task={task} />
      <FieldForm
        field={account}
        label="Address of your account"
        hint="Copy it from the page you use now."
        isCode
        submit="Make a passkey here"
        name="ask"
        task={task}
        actions={<Button onClick={onLeave}>Back</Button>}
        onSubmit={ask}
      >
        <TextField
          label="Page you use now"
          hint="There you will approve the new passkey."
          autoComplete="url"
          {...page}
        />
        <p className="soft">Your device asks twice: to make the passkey, and to show that it works.</p>
      </FieldForm>
    </Page>
  )
}
