import type { PasskeyAccount } from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import type { Hex } from 'viem'
import { getContractEvents, readContract } from 'viem/actions'

/** A recovery that waits, on the chains where it does. */
export type PendingRecovery = {
  readonly digest: Hex
  readonly chains: readonly { readonly chainId: number; readonly readyAt: number }[]
}

/** Finds recoveries of an account that could be executed. A chain that does not answer tells nothing. */
export async function findPendingRecoveries({
  config,
  address,
}: Pick<PasskeyAccount, 'config' | 'address'>): Promise<PendingRecovery[]> {
  const guardianRecovery = { address: config.contracts.guardianRecovery, abi: guardianRecoveryAbi }
  const found = new Map<Hex, { chainId: number; readyAt: number }[]>()
  const perChain = config.chains.map(async ({ client, id, fromBlock }) => {
    const [events, head] = await Promise.all([
      getContractEvents(client, {
        ...guardianRecovery,
        eventName: 'RecoveryStarted',
        args: { account: address },
        fromBlock,
        strict: true,
      }),
      readContract(client, { ...guardianRecovery, functionName: 'getHead', args: [address] }),
    ])
    for (const digest of new Set(events.map(({ args }) => args.digest))) {
      const args = [address, digest] as const
      const record = await readContract(client, { ...guardianRecovery, functionName: 'getRecord', args })
      const isScheduled = record.status === 1 || record.status === 2
      if (!isScheduled || record.epoch !== head.epoch) continue
      found.set(digest, [...(found.get(digest) ?? []), { chainId: id, readyAt: Number(record.readyAt) }])
    }
  })
  await Promise.allSettled(perChain)
  return [...found].map(([digest, chains]) => ({ digest, chains }))
}
