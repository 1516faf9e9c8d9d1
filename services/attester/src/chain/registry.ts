import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { type Account, type Address, createWalletClient, type Hex, http, publicActions } from 'viem'
import { ChainError } from '../errors.ts'
import type { AttesterChain } from '../settings.ts'

/** What the registry of a chain says of itself; none of it ever changes. */
export type RegistryTerms = { readonly attesters: readonly Address[]; readonly quorum: number }

/** What a registry knows of a key. Times in seconds since 1970. */
export type KeyState = {
  readonly keyHash: Hex
  readonly activeFrom: number
  readonly lastSeen: number
  readonly suspendedUntil: number
  readonly revoked: boolean
}

/** The registry on one chain. */
export type ChainRegistry = {
  readonly chainId: number
  readonly terms: () => Promise<RegistryTerms>
  readonly keyState: (keyId: Hex) => Promise<KeyState>
  /** Seconds since 1970 by the chain's last block. */
  readonly time: () => Promise<number>
  /** Sends a call after trying it, and waits until it is in a block. Throws what the registry refuses with, unpaid. */
  readonly send: (data: Hex) => Promise<Hex>
}

const RPC_MS = 10_000
const RECEIPT_MS = 60_000
const POLLING_MS = 1_000

/** Whether a key is out of use for a while. */
export function isSuspended({ suspendedUntil }: KeyState, time: number): boolean {
  return suspendedUntil > time
}

/** Opens a chain's registry; `account` pays for what is sent. */
export function openRegistry(
  { chainId, rpcUrl }: AttesterChain,
  address: Address,
  account: Account,
  pollingInterval = POLLING_MS,
): ChainRegistry {
  const transport = http(rpcUrl, { timeout: RPC_MS, retryCount: 0 })
  const client = createWalletClient({ transport, account, pollingInterval, cacheTime: 0 }).extend(publicActions)
  const contract = { address, abi: oidcKeyRegistryAbi } as const
  let isChecked = false

  /** A node of another chain would take the same signatures. */
  const checkChain = async (): Promise<void> => {
    if (isChecked) return
    const seen = await client.getChainId()
    if (seen !== chainId) throw new ChainError(`The node is of chain ${seen}, not of ${chainId}.`)
    isChecked = true
  }

  return {
    chainId,
    async terms() {
      await checkChain()
      const [attesters, quorum] = await Promise.all([
        client.readContract({ ...contract, functionName: 'attesters' }),
        client.readContract({ ...contract, functionName: 'QUORUM' }),
      ])
      return { attesters, quorum: Number(quorum) }
    },
    async keyState(keyId) {
      await checkChain()
      return client.readContract({ ...contract, functionName: 'keyState', args: [keyId] })
    },
    async time() {
      const { timestamp } = await client.getBlock()
      return Number(timestamp)
    },
    async send(data) {
      await checkChain()
      const [done, begun] = await Promise.all(
        (['latest', 'pending'] as const).map((blockTag) =>
          client.getTransactionCount({ address: account.address, blockTag }),
        ),
      )
      // Whether it will count is not known yet; a second one would be paid for, too.
      if (done !== begun) throw new ChainError(`An earlier transaction of this attester waits on chain ${chainId}.`)
      await client.call({ account, to: address, data })
      const hash = await client.sendTransaction({ chain: null, to: address, data })
      const { status } = await client.waitForTransactionReceipt({ hash, timeout: RECEIPT_MS })
      if (status !== 'success') throw new ChainError(`The transaction reverted on chain ${chainId}.`)
      return hash
    },
  }
}
