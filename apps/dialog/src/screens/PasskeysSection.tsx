import {
  addPasskey,
  listPasskeys,
  type OnProgress,
  type PasskeyAccount,
  type PasskeyList,
  prunePasskeys,
  removePasskey,
} from '@rekey/sdk'
import { type PasskeyRisk, passkeyRisks } from '@rekey/sdk/webauthn'
import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '../components/Button.tsx'
import { ChainList, progressLines } from '../components/ChainList.tsx'
import { TaskError } from '../components/ErrorNotice.tsx'
import { Modal } from '../components/Modal.tsx'
import { useTask } from '../components/useTask.ts'
import { chainProgressReducer } from '../flows/chainProgress.ts'
import type { PasskeyRow } from '../flows/passkeyRows.ts'
import { knownPasskeys } from '../lib/knownPasskeys.ts'
import { renamePasskey } from '../lib/passkeyNames.ts'
import { PasskeyItem } from './PasskeyItem.tsx'
import { RenamePasskey } from './RenamePasskey.tsx'

const riskWords: Readonly<Record<PasskeyRisk, string>> = {
  oneDevice:
    'This is your only passkey, and it is on one device. With a second one a lost device does not lock you out.',
  noneSynced:
    'None of your passkeys is synced: each is lost with its device. Add one that your password manager keeps.',
  oneProvider:
    'All your passkeys are kept by one provider. Add one elsewhere, or a security key, in case it locks you out.',
}
const words = { working: 'Sending', done: 'Done', failed: 'Failed' }

/** The account's passkeys on all networks; adds and removes them everywhere with one approval. */
export function PasskeysSection({ account, otherPages }: { account: PasskeyAccount; otherPages: readonly string[] }) {
  const { config } = account
  const [list, setList] = useState<PasskeyList>()
  const [task, run] = useTask()
  const [progress, dispatch] = useReducer(chainProgressReducer, [])
  const [naming, setNaming] = useState<PasskeyRow>()
  const [leaving, setLeaving] = useState<PasskeyRow>()
  const chainIds = config.chains.map(({ id }) => id)

  const load = useCallback(async () => setList(await listPasskeys(account)), [account])
  useEffect(() => {
    void load()
  }, [load])

  const onProgress: OnProgress = (result) => dispatch({ type: 'settled', result })
  const add = (what: 'add' | 'addKey'): void =>
    void run(what, async (signal) => {
      dispatch({ type: 'restarted', chainIds })
      const name = `Rekey ${account.address.slice(0, 6)}`
      await addPasskey(account, { name, isSecurityKey: what === 'addKey', signal, onProgress })
      await load()
    })
  const remove = (commitment: Hex): void =>
    void run('remove', async (signal) => {
      setLeaving(undefined)
      dispatch({ type: 'restarted', chainIds })
      await removePasskey(account, { commitment, signal, onProgress })
      await load()
      await prunePasskeys(account, { signal })
    })

  const rows = list ? knownPasskeys(account, list, { otherPages, store: localStorage }) : []
  const risks = passkeyRisks(rows.map(({ note }) => note))
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
          <PasskeyItem
            key={row.commitment}
            config={config}
            row={row}
            task={task}
            onRename={() => setNaming(row)}
            onRemove={rows.length > 1 && !row.isThisDevice ? () => setLeaving(row) : undefined}
          />
        ))}
      </ul>
      {risks.map((risk) => (
        <p key={risk} className="soft" data-risk={risk}>
          {riskWords[risk]}
        </p>
      ))}
      <TaskError task={task} />
      {progress.length > 0 && task.status !== 'failed' && (
        <ChainList
          config={config}
          lines={progressLines(progress, isWorking ? { ...words, working: 'Waiting for your passkey' } : words)}
        />
      )}
      <div className="actions">
        <Button name="add" task={task} onClick={() => add('add')}>
          Add a passkey
        </Button>
        <Button name="addKey" task={task} onClick={() => add('addKey')}>
          Add a security key
        </Button>
      </div>
      <AnotherDomain otherPages={otherPages} />
      {naming && (
        <RenamePasskey
          row={naming}
          onEnd={(name) => {
            if (name !== undefined) renamePasskey(account, { commitment: naming.commitment, name }, localStorage)
            setNaming(undefined)
          }}
        />
      )}
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

/** Says how the account gets a passkey on another domain: it begins there. */
function AnotherDomain({ otherPages }: { otherPages: readonly string[] }) {
  return (
    <p className="soft">
      A page can go away. Begin on another domain to have a passkey there too:{' '}
      {otherPages.length === 0
        ? 'open it and choose “My account is on another domain”.'
        : otherPages.map((page) => (
            <a key={page} href={`${page}/join`} target="_blank" rel="noreferrer">
              {new URL(page).host}
            </a>
          ))}
    </p>
  )
}
