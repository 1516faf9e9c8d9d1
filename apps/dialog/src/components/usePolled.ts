import type { PasskeyAccount } from '@rekey/sdk'
import { useCallback, useEffect, useState } from 'react'

const intervalMs = 15_000

/** Something that the networks tell of the account, looked for again and again while the page is open. */
export function usePolled<value>(
  account: PasskeyAccount | undefined,
  find: (account: PasskeyAccount) => Promise<value>,
): readonly [found: value | undefined, load: () => Promise<void>] {
  const [found, setFound] = useState<{ account: PasskeyAccount; value: value }>()
  const load = useCallback(async () => {
    if (account) setFound({ account, value: await find(account) })
  }, [account, find])
  useEffect(() => {
    void load()
    const timer = setInterval(() => void load(), intervalMs)
    return () => clearInterval(timer)
  }, [load])
  return [found && found.account === account ? found.value : undefined, load]
}
