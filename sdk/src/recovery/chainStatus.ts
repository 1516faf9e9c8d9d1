import { type Hex, hexToBigInt, slice } from 'viem'
import { getBlock } from 'viem/actions'
import { findPasskey, type PasskeyState, readPasskeys } from '../accounts/accountState.ts'
import { type AccountGenesis, toGenesis } from '../accounts/genesis.ts'
import { checkChain, toChainError } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import type { Recovery } from '../encoding/typedData.ts'
import type { BaseError } from '../errors/base.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import { type PolicyHead, readPolicyHead, readRecoveryRecord, recordStatus } from './recoveryState.ts'

/** Where a recovery stands on one chain; times in Unix seconds of the chain's clock. */
export type RecoveryChainStatus = {
  readonly chainId: number
  /**
   * `collecting`: not started there. `scheduled`: waits until `readyAt`. `ready`: can be executed until `closesAt`. `done`.
   * `vetoed`, `cancelled` (by guardians), `expired`, `superseded`: over. `noPolicy`: the account has no guardians there, or others. `unreachable`.
   */
  readonly state:
    | 'collecting'
    | 'scheduled'
    | 'ready'
    | 'done'
    | 'vetoed'
    | 'cancelled'
    | 'expired'
    | 'superseded'
    | 'noPolicy'
    | 'unreachable'
  /** Bitmap of the guardians whose approvals the chain has counted. */
  readonly votes: number
  readonly readyAt?: number | undefined
  readonly closesAt?: number | undefined
  readonly error?: BaseError | undefined
}

/** A recovery and what is needed to find out where it stands. */
export type RecoveryIdentity = { readonly recovery: Recovery; readonly digest: Hex; readonly genesis: AccountGenesis }

/** Reads where a recovery stands on a chain; a chain that does not answer is `unreachable`. */
export async function readChainStatus(
  chain: ConfiguredChain,
  contracts: Contracts,
  identity: RecoveryIdentity,
): Promise<RecoveryChainStatus> {
  return (await readProgress(chain, contracts, identity)).status
}

/** Reads where a recovery stands on a chain, and whether the account is set up there: one round of requests. */
export async function readProgress(
  chain: ConfiguredChain,
  contracts: Contracts,
  identity: RecoveryIdentity,
): Promise<{ status: RecoveryChainStatus; isSetUp: boolean }> {
  const { recovery, digest } = identity
  const reads = Promise.all([
    getBlock(chain.client),
    readPasskeys(chain, contracts, recovery.account),
    readPolicyHead(chain, contracts, recovery.account),
    readRecoveryRecord(chain, contracts, { account: recovery.account, digest }),
  ])
  try {
    // Asked at the same time; when the node serves another chain, that is what is wrong, whatever else fails.
    const [checked, read] = await Promise.allSettled([checkChain(chain), reads])
    if (checked.status === 'rejected') throw checked.reason
    if (read.status === 'rejected') throw read.reason
    const [block, state, head, record] = read.value
    const judged = judge({ now: Number(block.timestamp), state, head, record }, identity)
    return { status: { chainId: chain.id, ...judged }, isSetUp: state.isSetUp }
  } catch (error) {
    const status = { chainId: chain.id, state: 'unreachable', votes: 0, error: toChainError(error, chain.id) } as const
    return { status, isSetUp: false }
  }
}

/** States that no longer change by themselves. */
export function isFinal({ state }: RecoveryChainStatus): boolean {
  return ['done', 'vetoed', 'cancelled', 'expired', 'superseded', 'noPolicy'].includes(state)
}

/** What a chain was read to say. */
export type Reading = {
  readonly now: number
  readonly state: PasskeyState
  readonly head: PolicyHead
  readonly record: Awaited<ReturnType<typeof readRecoveryRecord>>
}

/** Judges what was read, in the order in which the contract would refuse. Pure. */
export function judge(
  { now, state, head, record }: Reading,
  { recovery, genesis }: RecoveryIdentity,
): Omit<RecoveryChainStatus, 'chainId'> {
  const { votes, status, readyAt } = record
  if (recovery.issuedAt <= head.floor) {
    const isIn = findPasskey(state, credentialCommitment(recovery.credential)) !== undefined
    return { state: head.floor === recovery.issuedAt && isIn ? 'done' : 'superseded', votes }
  }
  const policy = state.isSetUp ? head.policyId : hexToBigInt(slice(toGenesis(genesis).policy, 12))
  if (policy !== hexToBigInt(slice(recovery.policy, 12))) return { state: 'noPolicy', votes }
  if (status === recordStatus.vetoed) return { state: 'vetoed', votes }
  if (status === recordStatus.cancelled) return { state: 'cancelled', votes }
  if (status === recordStatus.none) return { state: now > recovery.deadline ? 'expired' : 'collecting', votes }
  if (record.epoch !== head.epoch) return { state: 'superseded', votes }
  const closesAt = readyAt + record.windowHours * 3_600
  if (now >= closesAt) return { state: 'expired', votes, readyAt, closesAt }
  return { state: now >= readyAt ? 'ready' : 'scheduled', votes, readyAt, closesAt }
}
