import { type PasskeyAccount, type PasskeyRequest, type RekeyConfig, requestPasskey } from '@rekey/sdk'
import { type FormEvent, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Page } from '../components/Page.tsx'
import { TextField } from '../components/TextField.tsx'
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
  const [text, setText] = useState('')
  const [pageText, setPageText] = useState(otherPages[0] ?? '')
  const [problem, setProblem] = useState<string>()
  const [pageProblem, setPageProblem] = useState<string>()
  const [task, run] = useTask()
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = parseAddress(text)
    const page = parsePage(pageText)
    setProblem(parsed.problem)
    setPageProblem(page ? undefined : 'This is not the address of a secure page. It starts with https.')
    const { address } = parsed
    if (address && page)
      void run('ask', async (signal) => {
        const name = `Rekey ${address.slice(0, 6)} on ${config.rpId}`
        onAsked(await requestPasskey(config, { account: address, name, signal }), page)
      })
  }
  return (
    <Page title="Use your account on this domain">
      <p className="lead">
        Make a passkey for <strong>{config.rpId}</strong>. If the page you use now ever goes away, your account opens
        here.
      </p>
      <TaskError task={task} />
      <form className="card" onSubmit={ask} noValidate>
        <TextField
          label="Address of your account"
          hint="Copy it from the page you use now."
          value={text}
          problem={problem}
          isCode
          onChange={(value) => {
            setText(value)
            setProblem(undefined)
          }}
        />
        <TextField
          label="Page you use now"
          hint="There you will approve the new passkey."
          value={pageText}
          problem={pageProblem}
          autoComplete="url"
          onChange={(value) => {
            setPageText(value)
            setPageProblem(undefined)
          }}
        />
        <p className="soft">Your device asks twice: to make the passkey, and to show that it works.</p>
        <div className="actions">
          <Button kind="primary" name="ask" task={task}>
            Make a passkey here
          </Button>
          <Button onClick={onLeave}>Back</Button>
        </div>
      </form>
    </Page>
  )
}
