import type { PasskeyAccount } from '@rekey/sdk'
import { type ChainPolicy, getPolicy } from '@rekey/sdk/recovery'
import { useCallback, useEffect, useState } from 'react'

/** What a network says about an account's guardians. */
export type FoundPolicy = { readonly chainId: number; readonly policy: ChainPolicy | undefined }

/** What all networks say. */
type Policies = {
  /** Guardians on every network that answers; `undefined` while they are looked for. */
  readonly found: readonly FoundPolicy[] | undefined
  /** Networks that do not answer: nothing is known about them. */
  readonly unreachable: readonly number[]
  readonly load: () => Promise<void>
}

/** Reads the guardians of the account on every network. */
export function usePolicies({ config, address }: PasskeyAccount): Policies {
  const [answers, setAnswers] =
    useState<readonly (FoundPolicy | { readonly chainId: number; readonly error: unknown })[]>()
  const load = useCallback(async () => {
    const read = async (chainId: number) => {
      try {
        return { chainId, policy: await getPolicy(config, { address, chainId }) }
      } catch (error) {
        return { chainId, error }
      }
    }
    setAnswers(await Promise.all(config.chains.map(({ id }) => read(id))))
  }, [config, address])
  useEffect(() => {
    void load()
  }, [load])
  return {
    found: answers?.flatMap((answer) => ('policy' in answer ? [answer] : [])),
    unreachable: answers?.flatMap((answer) => ('error' in answer ? [answer.chainId] : [])) ?? [],
    load,
  }
}

/** The policy that took effect last: networks with another one are behind. */
export function newestPolicy(found: readonly FoundPolicy[]): ChainPolicy | undefined {
  return found.flatMap(({ policy }) => policy ?? []).toSorted((a, b) => b.setAt - a.setAt)[0]
}
