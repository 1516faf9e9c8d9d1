import type { RekeyConfig } from '@rekey/sdk'
import { useState } from 'react'
import { type Address, getAddress } from 'viem'
import { Button } from '../../components/Button.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { useField } from '../../components/useField.ts'
import { accountInLink } from '../../flows/remains.ts'
import { parseAddress } from '../../lib/parseAddress.ts'
import { CallOffAccount } from './CallOffAccount.tsx'

type CallOffScreenProps = { config: RekeyConfig; onLeave: () => void }

/** The account that guardians were last asked for in this browser: their answers name the request only. */
const accountKey = 'rekey.callOffAccount'

/** A guardian's page: ends a recovery that is not the owner's. It needs no account here and no money. */
export function CallOffScreen({ config, onLeave }: CallOffScreenProps) {
  const field = useField()
  const [account, setAccount] = useState(knownAccount)
  const open = (text: string): string | undefined => {
    const { address, problem } = parseAddress(text)
    if (!address) return problem
    localStorage.setItem(accountKey, address)
    setAccount(address)
    return undefined
  }
  if (account)
    return (
      <CallOffAccount
        config={config}
        address={account}
        onOther={() => {
          localStorage.removeItem(accountKey)
          window.history.replaceState(null, '', window.location.pathname)
          setAccount(undefined)
        }}
        onLeave={onLeave}
      />
    )
  return (
    <Page title="Call a recovery off">
      <p className="lead">
        For guardians who think that somebody else than the owner is getting into an account. It takes as many of them
        as its owner’s guardians need at most.
      </p>
      <FieldForm
        field={field}
        label="Address of the account"
        hint="It is in the link or message by which you were asked to approve."
        isCode
        submit="Look for recoveries"
        actions={<Button onClick={onLeave}>Back</Button>}
        onSubmit={open}
      />
    </Page>
  )
}

function knownAccount(): Address | undefined {
  const linked = accountInLink(window.location.hash)
  const known = linked ?? localStorage.getItem(accountKey) ?? undefined
  if (known === undefined) return undefined
  const { address } = parseAddress(known)
  if (address && linked) localStorage.setItem(accountKey, getAddress(address))
  return address
}
