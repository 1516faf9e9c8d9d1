import { type FoundAccount, findAccount, guardianKinds } from '@rekey/sdk'
import { walletGuardian } from '@rekey/sdk/recovery'
import { useState } from 'react'
import { isAddressEqual } from 'viem'
import { AddressText } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { FieldForm } from '../../components/FieldForm.tsx'
import { Page } from '../../components/Page.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useField } from '../../components/useField.ts'
import { useTask } from '../../components/useTask.ts'
import { parseAddress } from '../../lib/parseAddress.ts'
import type { AddGuardianProps } from './SetUpScreen.tsx'

/** Names a friend's account as guardian: the friend approves with a passkey. */
export function AddFriend({ account, onEnd }: AddGuardianProps) {
  const { config } = account
  const field = useField()
  const [name, setName] = useState('')
  const [found, setFound] = useState<FoundAccount>()
  const [task, run] = useTask()

  const find = (text: string): string | undefined => {
    const { address, problem } = parseAddress(text)
    if (!address) return problem
    if (isAddressEqual(address, account.address)) return 'This is your own account. Enter the address of your friend’s.'
    void run('find', async (signal) => setFound(await findAccount(config, { by: 'address', address, signal })))
    return undefined
  }
  const add = (): void => {
    if (!found) return
    const label = name.trim()
    const input = { ...walletGuardian(found.address, label === '' ? {} : { name: label }), kind: guardianKinds.passkey }
    onEnd({ choice: 'friend', input })
  }

  if (found) {
    const missing = found.chains.filter((chain) => !('isSetUp' in chain && chain.isSetUp))
    return (
      <Page title="Is this your friend’s account?">
        <p className="lead">Have them read their address to you. Whoever has this account becomes your guardian.</p>
        <section className="card">
          <AddressText address={found.address} label="Your friend’s address" />
          {missing.length > 0 && (
            <div className="notice warning">
              <strong>Not in use everywhere yet.</strong>
              <span>
                Their approval does not count on {missing.map(({ chainId }) => chainName(config, chainId)).join(', ')}{' '}
                before they have used their account there. Setting up recovery is enough.
              </span>
            </div>
          )}
        </section>
        <div className="actions">
          <Button kind="primary" onClick={add}>
            Yes, add this friend
          </Button>
          <Button onClick={() => setFound(undefined)}>Back</Button>
        </div>
      </Page>
    )
  }
  return (
    <Page title="Add a friend’s passkey">
      <p className="lead">
        A friend who has an account here approves with their passkey. They need no money and no wallet.
      </p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Address of your friend’s account"
        hint="They find it at the top of their account page here, and can copy it."
        isCode
        submit="Look it up"
        name="find"
        task={task}
        actions={<Button onClick={() => onEnd()}>Back</Button>}
        onSubmit={find}
      >
        <TextField
          label="Your friend’s name (only for you, on this screen)"
          value={name}
          maxLength={40}
          onChange={setName}
        />
      </FieldForm>
    </Page>
  )
}
