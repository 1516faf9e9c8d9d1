import { type GuardianInput, walletGuardian } from '@rekey/sdk/recovery'
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
import { useWallets } from '../../components/useWallets.ts'
import { findChainsWithout } from '../../lib/findWallet.ts'
import { parseAddress } from '../../lib/parseAddress.ts'
import { type AnnouncedWallet, connectWallet } from '../../lib/wallets.ts'
import type { AddGuardianProps } from './SetUpScreen.tsx'

/** Names a wallet as guardian: by its address, or by asking one of this browser. */
export function AddWallet({ account, onEnd }: AddGuardianProps) {
  const { config } = account
  const wallets = useWallets()
  const field = useField()
  const [name, setName] = useState('')
  const [partial, setPartial] = useState<{ input: GuardianInput; without: readonly number[] }>()
  const [task, run] = useTask()

  const add = (text: string): string | undefined => {
    const { address, problem } = parseAddress(text)
    if (!address) return problem
    if (isAddressEqual(address, account.address))
      return 'This is your own account. Name a wallet that somebody else has, or that you keep elsewhere.'
    const label = name.trim()
    const input = walletGuardian(address, label === '' ? {} : { name: label })
    void run('add', async () => {
      const without = await findChainsWithout(config, address)
      if (without.length > 0) setPartial({ input, without })
      else onEnd({ choice: 'wallet', input })
    })
    return undefined
  }
  const fill = (wallet: AnnouncedWallet): void =>
    void run(wallet.id, async () => field.onChange((await connectWallet(wallet)).account.address))

  if (partial) {
    const { input, without } = partial
    const names = without.map((id) => chainName(config, id)).join(', ')
    return (
      <Page title="This wallet is not on every network">
        <p className="lead">It is a contract, and there is no such contract on {names} yet.</p>
        <div className="notice warning">
          <strong>There its approval would not count.</strong>
          <span>
            It counts there from the day on which the wallet is created at the same address. Add another guardian as
            well, or ask whose wallet it is to use it on {names} once.
          </span>
        </div>
        <section className="card">
          <AddressText address={input.signer} label="Wallet of your guardian" />
        </section>
        <div className="actions">
          <Button kind="primary" onClick={() => onEnd({ choice: 'wallet', input })}>
            Add it all the same
          </Button>
          <Button onClick={() => setPartial(undefined)}>Back</Button>
        </div>
      </Page>
    )
  }
  return (
    <Page title="Add a wallet">
      <p className="lead">
        Whoever has this wallet can approve that you get back in. They sign a message: it costs them nothing.
      </p>
      <TaskError task={task} />
      <FieldForm
        field={field}
        label="Wallet address of your guardian"
        hint="A wallet of somebody you trust, or one you keep elsewhere. Ask them for the address; compare it by voice."
        isCode
        submit="Add this wallet"
        name="add"
        task={task}
        actions={<Button onClick={() => onEnd()}>Back</Button>}
        onSubmit={add}
      >
        {wallets.map((wallet) => (
          <Button key={wallet.id} name={wallet.id} task={task} onClick={() => fill(wallet)}>
            Take the address of {wallet.name}
          </Button>
        ))}
        <TextField label="Whose it is (only for you, on this screen)" value={name} maxLength={40} onChange={setName} />
      </FieldForm>
    </Page>
  )
}
