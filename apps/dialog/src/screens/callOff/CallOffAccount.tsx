import type { RekeyConfig } from '@rekey/sdk'
import { loadGuardianCancel, recoveryPhrase, startGuardianCancel } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Address } from 'viem'
import { AddressText } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useGuardianRequest } from '../../components/useGuardianRequest.ts'
import { formatTime } from '../../lib/format.ts'
import { findPendingRecoveries, type PendingRecovery } from '../../lib/pendingRecoveries.ts'
import { CallOffUnderWay } from './CallOffUnderWay.tsx'

type CallOffAccountProps = { config: RekeyConfig; address: Address; onOther: () => void; onLeave: () => void }

/** The recoveries of an account that wait; guardians choose the one that is not its owner’s. */
export function CallOffAccount({ config, address, onOther, onLeave }: CallOffAccountProps) {
  const account = useMemo(() => ({ config, address }), [config, address])
  const callOff = useGuardianRequest(account, 'callOff', loadGuardianCancel)
  const [pending, setPending] = useState<readonly PendingRecovery[]>()
  const load = useCallback(async () => setPending(await findPendingRecoveries(account)), [account])
  useEffect(() => void load(), [load])
  const { request, task, begin, forget } = callOff

  if (request)
    return (
      <CallOffUnderWay
        config={config}
        request={request}
        callOff={callOff}
        onEnd={() => {
          forget()
          void load()
        }}
      />
    )
  return (
    <Page title="Recoveries that wait">
      <p className="lead">Talk to the owner first. A recovery that is called off has to be begun anew.</p>
      <TaskError task={task} />
      <section className="card">
        <AddressText address={address} label="Account" />
        {pending === undefined && (
          <p className="soft" role="status">
            Looking at the networks…
          </p>
        )}
        {pending?.length === 0 && <p role="status">Nobody is recovering this account on a network that answers.</p>}
        {pending && pending.length > 0 && (
          <ul className="list" aria-label="Recoveries">
            {pending.map(({ digest, chains }) => (
              <li key={digest} data-recovery={digest}>
                <div>
                  <strong>{recoveryPhrase(digest)}</strong>
                  {chains.map(({ chainId, readyAt }) => (
                    <p key={chainId} className="soft">
                      {chainName(config, chainId)}: possible from {formatTime(readyAt)}
                    </p>
                  ))}
                </div>
                <Button
                  kind="danger"
                  name={digest}
                  task={task}
                  onClick={() =>
                    begin((signal) => startGuardianCancel(config, { account: address, recovery: digest, signal }))
                  }
                >
                  Call it off
                  <span className="visually-hidden">: {recoveryPhrase(digest)}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <div className="actions">
        <Button onClick={() => void load()}>Look again</Button>
        <Button kind="quiet" onClick={onOther}>
          Another account
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Leave
        </Button>
      </div>
    </Page>
  )
}
