import {
  addPasskey,
  listPasskeys,
  type OnProgress,
  type PasskeyAccount,
  type PasskeyList,
  removePasskey,
} from '@rekey/sdk'
import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '../components/Button.tsx'
import { ChainList, chainName, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Modal } from '../components/Modal.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer } from '../flows/chainProgress.ts'
import { type PasskeyRow, passkeyRows } from '../flows/passkeyRows.ts'

const words = { working: 'Sending', done: 'Done', failed: 'Failed' }

/** The account's passkeys on all networks; adds and removes them everywhere with one approval. */
export function PasskeysSection({ account }: { account: PasskeyAccount }) {
  const { config, credential } = account
  const [list, setList] = useState<PasskeyList>()
  const [task, run] = useTask()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [leaving, setLeaving] = useState<PasskeyRow>()
  const chainIds = config.chains.map(({ id }) => id)

  const load = useCallback(async () => setList(await listPasskeys(account)), [account])
  useEffect(() => {
    void load()
  }, [load])

  const onProgress: OnProgress = (result) => dispatch({ type: 'settled', result })
  const add = (): void =>
    void run('add', async (signal) => {
      dispatch({ type: 'restarted', chainIds })
      await addPasskey(account, { name: `Rekey ${account.address.slice(0, 6)}`, signal, onProgress })
      await load()
    })
  const remove = (commitment: Hex): void =>
    void run('remove', async (signal) => {
      setLeaving(undefined)
      dispatch({ type: 'restarted', chainIds })
      await removePasskey(account, { commitment, signal, onProgress })
      await load()
    })

  const rows = list ? passkeyRows(list, credential.id) : []
  const isWorking = task.status === 'working'
  return (
    <section className="card" data-section="passkeys">
      <h2>Passkeys</h2>
      {list === undefined && <p className="soft">Looking at the networks…</p>}
      {list !== undefined && rows.length === 0 && (
        <p className="soft">The passkey of this device. Your account is set up when it is first used.</p>
      )}
      <ul className="list">
        {rows.map((row) => (
          <li key={row.commitment} data-passkey={row.commitment}>
            <div>
              <strong>{row.isThisDevice ? 'This device' : 'Another passkey'}</strong>{' '}
              <code className="soft">{row.commitment.slice(2, 10)}</code>
              {row.missingOn.length > 0 && (
                <p className="soft">
                  Not on {row.missingOn.map((chainId) => chainName(config, chainId)).join(', ')}. It does not work
                  there.
                </p>
              )}
            </div>
            {rows.length > 1 && !row.isThisDevice && (
              <Button kind="quiet" task={task} onClick={() => setLeaving(row)}>
                Remove <span className="visually-hidden">passkey {row.commitment.slice(2, 10)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {rows.length === 1 && (
        <p className="soft">With a second one, on another device, a lost device does not lock you out.</p>
      )}
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <ChainList
          config={config}
          lines={progressLines(progress, isWorking ? { ...words, working: 'Waiting for your passkey' } : words)}
        />
      )}
      <Button name="add" task={task} onClick={add}>
        Add a passkey
      </Button>
      {leaving && (
        <Modal title="Remove this passkey?" onClose={() => setLeaving(undefined)}>
          <div className="stack">
            <p>
              Passkey <code>{leaving.commitment.slice(2, 10)}</code> will no longer open your account on any network.
              The device that holds it may go on offering it.
            </p>
            <div className="actions">
              <Button kind="danger" onClick={() => remove(leaving.commitment)}>
                Remove it
              </Button>
              <Button onClick={() => setLeaving(undefined)}>Keep it</Button>
            </div>
          </div>
        </Modal>
      )}
    </section>
  )
}
