import type { PasskeyAccount } from '@rekey/sdk'
import { type ChainPolicy, getPolicy } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useState } from 'react'

/** What a network says about an account's guardians. */
export type FoundPolicy = { readonly chainId: number; readonly policy: ChainPolicy | undefined }

/** Guardians of the account on every network that answers; `undefined` while they are looked for. */
export function usePolicies({
  config,
  address,
}: PasskeyAccount): readonly [found: readonly FoundPolicy[] | undefined, load: () => Promise<void>] {
  const [found, setFound] = useState<readonly FoundPolicy[]>()
  const load = useCallback(async () => {
    const read = config.chains.map(async ({ id }) => ({
      chainId: id,
      policy: await getPolicy(config, { address, chainId: id }),
    }))
    const answers = await Promise.allSettled(read)
    setFound(answers.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
  }, [config, address])
  useEffect(() => {
    void load()
  }, [load])
  return [found, load]
}
