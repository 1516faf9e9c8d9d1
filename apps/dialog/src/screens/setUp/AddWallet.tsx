import { walletGuardian } from '@rekey/sdk/recovery'
import { type FormEvent, useReducer, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useTask } from '../../components/useTask.ts'
import { useWallets } from '../../components/useWallets.ts'
import { emptyGuardianForm, guardianAddress, guardianFormReducer, guardianProblems } from '../../flows/guardianPlan.ts'
import { type AnnouncedWallet, connectWallet } from '../../lib/wallets.ts'
import type { AddGuardianProps } from './SetUpScreen.tsx'

/** Names a wallet as guardian: by its address, or by asking one of this browser. */
export function AddWallet({ account, onEnd }: AddGuardianProps) {
  const wallets = useWallets()
  const [form, dispatch] = useReducer(guardianFormReducer, emptyGuardianForm)
  const [name, setName] = useState('')
  const [task, run] = useTask()

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const submitted = { type: 'submitted', account: account.address } as const
    dispatch(submitted)
    const address = guardianAddress(form)
    if (!address || guardianFormReducer(form, submitted).problem) return
    const label = name.trim()
    onEnd({ choice: 'wallet', input: walletGuardian(address, label === '' ? {} : { name: label }) })
  }
  const fill = (wallet: AnnouncedWallet): void =>
    void run(wallet.id, async () => {
      const { account: connected } = await connectWallet(wallet)
      dispatch({ type: 'typed', text: connected.address })
    })

  return (
    <Page title="Add a wallet">
      <p className="lead">
        Whoever has this wallet can approve that you get back in. They sign a message: it costs them nothing.
      </p>
      <TaskError task={task} />
      <form className="card" onSubmit={submit} noValidate>
        <TextField
          label="Wallet address of your guardian"
          hint="A wallet of somebody you trust, or one you keep elsewhere. Ask them for the address; compare it by voice."
          value={form.text}
          problem={form.problem && guardianProblems[form.problem]}
          isCode
          onChange={(text) => dispatch({ type: 'typed', text })}
        />
        {wallets.map((wallet) => (
          <Button key={wallet.id} name={wallet.id} task={task} onClick={() => fill(wallet)}>
            Take the address of {wallet.name}
          </Button>
        ))}
        <TextField label="Whose it is (only for you, on this screen)" value={name} maxLength={40} onChange={setName} />
        <div className="actions">
          <Button kind="primary" name="add" task={task}>
            Add this wallet
          </Button>
          <Button onClick={() => onEnd()}>Back</Button>
        </div>
      </form>
    </Page>
  )
}
