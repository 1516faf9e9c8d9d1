import { type Hex, hexToBigInt, slice } from 'viem'
import { findPasskey, type PasskeyState, passkeysQuestion } from '../accounts/accountState.ts'
import { type AccountGenesis, toGenesis } from '../accounts/genesis.ts'
import { toChainError } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { readTogether } from '../config/readTogether.ts'
import type { Recovery } from '../encoding/typedData.ts'
import type { BaseError } from '../errors/base.ts'
import { OtherPolicyError, RecoveryOverError } from '../errors/recovery.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import {
  findBenched,
  isBenched,
  type PolicyAux,
  type PolicyHead,
  policyQuestions,
  type RecoveryRecord,
  recordQuestion,
  recordStatus,
} from './recoveryState.ts'

/**
 * `collecting`: not started there. `scheduled`: waits until `readyAt`. `ready`: can be executed until `closesAt`. `done`.
 * `vetoed`, `cancelled` (by guardians), `benched` (the owner vetoed another one of the same guardians), `expired`,
 * `superseded`: over. `noPolicy`: the account has no guardians there, or others. `unreachable`.
 */
export type RecoveryState =
  | 'collecting'
  | 'scheduled'
  | 'ready'
  | 'done'
  | 'vetoed'
  | 'cancelled'
  | 'benched'
  | 'expired'
  | 'superseded'
  | 'noPolicy'
  | 'unreachable'

/** Where a recovery stands on one chain; times in Unix seconds of the chain's clock. */
export type RecoveryChainStatus = {
  readonly chainId: number
  readonly state: RecoveryState
  /** Bitmap of the guardians whose approvals the chain has counted. */
  readonly votes: number
  readonly readyAt?: number | undefined
  readonly closesAt?: number | undefined
  /** Why it does not go on there, and what to do about it. */
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

/** Where a recovery stands on a chain, and what has to be known to go on with it there. */
export type RecoveryProgress = {
  readonly status: RecoveryChainStatus
  /** Whether the account has its passkeys there. */
  readonly isSetUp: boolean
  /** The chain's clock; 0 when it did not answer. */
  readonly now: number
  /** Bitmap of the guardians who for now count towards protected tiers only. */
  readonly benched: number
  /** Hash over what the votes that count rest on; 0 when they rest on nothing. */
  readonly evidence: bigint
}

/** Reads all of that with one request. */
export async function readProgress(
  chain: ConfiguredChain,
  contracts: Contracts,
  identity: RecoveryIdentity,
): Promise<RecoveryProgress> {
  const { recovery, digest } = identity
  const { account } = recovery
  const { id: chainId } = chain
  try {
    const { head, aux } = policyQuestions(contracts, account)
    const reading = await readTogether(chain, {
      state: passkeysQuestion(contracts, account),
      head,
      aux,
      record: recordQuestion(contracts, { account, digest }),
    })
    const judged = judge(reading, identity)
    const error = explainState(chainId, judged.state)
    const status = { chainId, ...judged, ...(error && { error }) }
    const benched = findBenched(reading.head, reading.aux, reading.now)
    return { status, isSetUp: reading.state.isSetUp, now: reading.now, benched, evidence: reading.record.evidence }
  } catch (error) {
    const status = { chainId, state: 'unreachable', votes: 0, error: toChainError(error, chainId) } as const
    return { status, isSetUp: false, now: 0, benched: 0, evidence: 0n }
  }
}

/** Why a recovery does not go on in a state, and what to do about it. */
function explainState(chainId: number, state: RecoveryState): BaseError | undefined {
  switch (state) {
    case 'vetoed':
    case 'cancelled':
    case 'benched':
    case 'expired':
    case 'superseded':
      return new RecoveryOverError(chainId, state)
    case 'noPolicy':
      return new OtherPolicyError(chainId)
    default:
      return undefined
  }
}

/** States that no longer change by themselves. */
export function isFinal({ state }: RecoveryChainStatus): boolean {
  return ['done', 'vetoed', 'cancelled', 'benched', 'expired', 'superseded', 'noPolicy'].includes(state)
}

/** What a chain was read to say. */
export type Reading = {
  readonly now: number
  readonly state: PasskeyState
  readonly head: PolicyHead
  readonly aux: PolicyAux
  readonly record: RecoveryRecord
}

/** Judges what was read, in the order in which the contract would refuse. Pure. */
export function judge(
  { now, state, head, aux, record }: Reading,
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
  if (status === recordStatus.scheduled && isBenched(record, aux)) return { state: 'benched', votes }
  const closesAt = readyAt + record.windowHours * 3_600
  if (now >= closesAt) return { state: 'expired', votes, readyAt, closesAt }
  return { state: now >= readyAt ? 'ready' : 'scheduled', votes, readyAt, closesAt }
}
