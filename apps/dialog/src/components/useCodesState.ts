import type { PasskeyAccount } from '@rekey/sdk'
import { type CodesState, readCodes } from '@rekey/sdk/codes'
import { useCallback, useEffect, useState } from 'react'

/** What is left of the account's codes, read when the screen opens. */
export function useCodesState({
  config,
  address,
}: PasskeyAccount): readonly [state: CodesState | undefined, load: () => Promise<void>] {
  const [state, setState] = useState<CodesState>()
  const load = useCallback(async () => setState(await readCodes(config, { account: address })), [config, address])
  useEffect(() => {
    void load()
  }, [load])
  return [state, load]
}
