import type { Address, Hex } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/GuardianRecovery.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'

/** An account's policy and counters on one chain, as GuardianRecovery stores them; times in Unix seconds. */
export type PolicyHead = Awaited<ReturnType<typeof readPolicyHead>>

/** Reads an account's policy and counters. */
export async function readPolicyHead({ client }: ConfiguredChain, contracts: Contracts, account: Address) {
  return readContract(client, {
    address: contracts.guardianRecovery,
    abi: guardianRecoveryAbi,
    functionName: 'getHead',
    args: [account],
  })
}

/** The values of a record's `status`, in the contract's order. */
export const recordStatus = { none: 0, scheduled: 1, protected: 2, vetoed: 3 } as const

/** Reads what a chain knows of one recovery of an account. */
export async function readRecoveryRecord(
  { client }: ConfiguredChain,
  contracts: Contracts,
  { account, digest }: { account: Address; digest: Hex },
) {
  return readContract(client, {
    address: contracts.guardianRecovery,
    abi: guardianRecoveryAbi,
    functionName: 'getRecord',
    args: [account, digest],
  })
}

/**
 * Chooses when a message is issued: the lowest of the chains' clocks, so that no chain has to wait, but later than
 * anything that took effect on any of them. The client's own clock is not asked.
 *
 * @see SPEC §8.7
 */
export async function chooseIssuedAt(
  chains: readonly ConfiguredChain[],
  contracts: Contracts,
  account: Address,
): Promise<number> {
  const readings = await Promise.all(
    chains.map(async (chain) => {
      const [{ timestamp }, { floor }] = await Promise.all([
        getBlock(chain.client),
        readPolicyHead(chain, contracts, account),
      ])
      return { now: Number(timestamp), floor }
    }),
  )
  const lowest = Math.min(...readings.map(({ now }) => now))
  return Math.max(lowest, ...readings.map(({ floor }) => floor + 1))
}
