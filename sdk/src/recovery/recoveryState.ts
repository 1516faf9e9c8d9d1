import type { Address, Hex } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { ClockError } from '../errors/chain.ts'

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
export const recordStatus = { none: 0, scheduled: 1, protected: 2, vetoed: 3, cancelled: 4 } as const

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
  return pickIssuedAt(readings)
}

/** No contract lets a message take effect that is issued this much later than its own clock, in seconds. */
const skew = 900

/**
 * Picks the time between what took effect and the earliest clock.
 *
 * @throws {ClockError} when the contracts would refuse that time for now: a node that could have it signed would hold a
 * message for years to come.
 */
export function pickIssuedAt(readings: readonly { readonly now: number; readonly floor: number }[]): number {
  const lowest = Math.min(...readings.map(({ now }) => now))
  const floor = Math.max(...readings.map((reading) => reading.floor))
  if (floor >= lowest + skew) throw new ClockError({ now: lowest, floor })
  return Math.max(lowest, floor + 1)
}
