import type { Address, ContractFunctionName, ContractFunctionReturnType, Hex } from 'viem'
import { readContract } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/used.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { ask, readTogether } from '../config/readTogether.ts'
import { ClockError } from '../errors/chain.ts'

type ViewOf<name extends ContractFunctionName<typeof guardianRecoveryAbi, 'view'>> = ContractFunctionReturnType<
  typeof guardianRecoveryAbi,
  'view',
  name
>

/** An account's policy and counters on one chain, as GuardianRecovery stores them; times in Unix seconds. */
export type PolicyHead = ViewOf<'getHead'>
/** What a chain knows of one recovery. */
export type RecoveryRecord = ViewOf<'getRecord'>
/** Holds, benches and freezes of an account. */
export type PolicyAux = ViewOf<'getAux'>

/** Reads an account's policy and counters. */
export async function readPolicyHead(
  { client }: ConfiguredChain,
  contracts: Contracts,
  account: Address,
): Promise<PolicyHead> {
  return readContract(client, getHead(contracts, account))
}

function getHead({ guardianRecovery }: Contracts, account: Address) {
  const args = [account] as const
  return { address: guardianRecovery, abi: guardianRecoveryAbi, functionName: 'getHead', args } as const
}

/** What can be asked of GuardianRecovery about an account, to be asked together. */
export function policyQuestions(contracts: Contracts, account: Address) {
  const source = { address: contracts.guardianRecovery, abi: guardianRecoveryAbi, args: [account] } as const
  return {
    head: ask(getHead(contracts, account)),
    change: ask({ ...source, functionName: 'getChange' }),
    aux: ask({ ...source, functionName: 'getAux' }),
  }
}

/** The values of a record's `status`, in the contract's order. */
export const recordStatus = { none: 0, scheduled: 1, protected: 2, vetoed: 3, cancelled: 4 } as const

/** Reads what a chain knows of one recovery of an account. */
export async function readRecoveryRecord(
  { client }: ConfiguredChain,
  contracts: Contracts,
  recovery: { account: Address; digest: Hex },
): Promise<RecoveryRecord> {
  return readContract(client, getRecord(contracts, recovery))
}

/** The question what a chain knows of one recovery, to be asked together with others. */
export function recordQuestion(contracts: Contracts, recovery: { account: Address; digest: Hex }) {
  return ask(getRecord(contracts, recovery))
}

function getRecord({ guardianRecovery }: Contracts, { account, digest }: { account: Address; digest: Hex }) {
  const args = [account, digest] as const
  return { address: guardianRecovery, abi: guardianRecoveryAbi, functionName: 'getRecord', args } as const
}

/** How long whoever voted for a vetoed recovery counts towards protected tiers only, in seconds. */
const benchSeconds = 7 * 86_400

/** Bitmap of the guardians who for now count towards protected tiers only. */
export function findBenched({ epoch }: Pick<PolicyHead, 'epoch'>, aux: PolicyAux, now: number): number {
  return now < aux.benchedUntil && aux.benchEpoch === epoch ? aux.benched : 0
}

/** Tells whether a recovery is dead because all who voted for it had a recovery of theirs vetoed after it began. */
export function isBenched(record: RecoveryRecord, aux: PolicyAux): boolean {
  return (
    record.protectedAt === 0 &&
    (record.votes & ~aux.benched) === 0 &&
    record.epoch === aux.benchEpoch &&
    record.startedAt + benchSeconds <= aux.benchedUntil
  )
}

/**
 * Chooses when a message is issued: the lowest of the chains' clocks, so that no chain has to wait, but later than
 * anything that took effect on any of them. The client's own clock is not asked, nor is a chain waited for that does not
 * answer.
 *
 * @throws {BaseError} what the first chain said, when none answers.
 * @see SPEC §8.7
 */
export async function chooseIssuedAt(
  chains: readonly ConfiguredChain[],
  contracts: Contracts,
  account: Address,
): Promise<number> {
  const { head, change } = policyQuestions(contracts, account)
  const answers = await readFromChains(chains, async (chain) => {
    const seen = await readTogether(chain, { head, change })
    // What is announced counts as well: a message issued before it is taken by no contract.
    return { now: seen.now, floor: Math.max(seen.head.floor, seen.change.issuedAt) }
  })
  const readings = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (readings.length === 0 && failed) throw failed
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
