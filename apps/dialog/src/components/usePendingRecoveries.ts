import type { PasskeyAccount } from '@rekey/sdk'
import { useCallback, useEffect, useState } from 'react'
import { findPendingRecoveries, type PendingRecovery } from '../lib/pendingRecoveries.ts'

const intervalMs = 15_000

/** Recoveries of the account that wait, looked for again and again while the page is open. */
export function usePendingRecoveries(
  account: PasskeyAccount | undefined,
): readonly [pending: readonly PendingRecovery[], load: () => Promise<void>] {
  const [found, setFound] = useState<{ account: PasskeyAccount; pending: readonly PendingRecovery[] }>()
  const load = useCallback(async () => {
    if (account) setFound({ account, pending: await findPendingRecoveries(account) })
  }, [account])
  useEffect(() => {
    void load()
    const timer = setInterval(() => void load(), intervalMs)
    return () => clearInterval(timer)
  }, [load])
  return [found && found.account === account ? found.pending : [], load]
}
