import { listPasskeys, type PasskeyAccount } from '@rekey/sdk'
import { type Health, type HealthFacts, judgeHealth, readHealthFacts } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useState } from 'react'
import type { PasskeyRow } from '../flows/passkeyRows.ts'
import type { Task } from '../flows/task.ts'
import { knownPasskeys } from '../lib/knownPasskeys.ts'
import { useTask } from './useTask.ts'

/** What the safety check found. */
export type CheckedAccount = {
  readonly facts: HealthFacts
  readonly health: Health
  readonly passkeys: readonly PasskeyRow[]
}

/** Reads how safe the account is, when the screen opens and when asked again. */
export function useHealth(
  account: PasskeyAccount,
  otherPages: readonly string[],
): { readonly checked: CheckedAccount | undefined; readonly task: Task; readonly check: () => void } {
  const [checked, setChecked] = useState<CheckedAccount>()
  const [task, run] = useTask()
  const check = useCallback(
    () => void run('check', async (signal) => setChecked(await checkAccount(account, otherPages, signal))),
    [account, otherPages, run],
  )
  useEffect(check, [check])
  return { checked, task, check }
}

async function checkAccount(
  account: PasskeyAccount,
  otherPages: readonly string[],
  signal: AbortSignal,
): Promise<CheckedAccount> {
  const { config, address } = account
  const passkeys = knownPasskeys(account, await listPasskeys(account, { signal }), { otherPages, store: localStorage })
  const facts = await readHealthFacts(config, {
    address,
    passkeys: passkeys.map(({ note }) => note),
    signal,
  })
  return { facts, health: judgeHealth(facts), passkeys }
}
