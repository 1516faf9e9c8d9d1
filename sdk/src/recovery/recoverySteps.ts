import { encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { ChainOutcome } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { deliverCall } from '../config/relayCall.ts'
import { type Approval, encodeApprovals } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { GuardianAbsentError, NotEnoughApprovalsError, RecoveryNotReadyError } from '../errors/recovery.ts'
import { type RecoveryChainStatus, type RecoveryProgress, readChainStatus, readProgress } from './chainStatus.ts'
import { findPresentVotes } from './contractWallets.ts'
import { createAndSetUp } from './ensureSetUp.ts'
import { evidenceHolds } from './evidence/evidenceVerifier.ts'
import { type Evidence, readEvidence } from './evidence/readEvidence.ts'
import { reachOf } from './reach.ts'
import type { RecoveryData } from './recoveryJson.ts'

/** What it takes to go on with a recovery on one chain. */
export type Step = RecoveryProgress & {
  readonly config: RekeyConfig
  readonly chain: ConfiguredChain
  readonly data: RecoveryData
  /** Approvals that hold on this chain. */
  readonly votes: readonly Approval[]
  readonly policy: Policy
  readonly digest: Hex
  readonly signal: AbortSignal | undefined
}

/** Starts, supports or executes it: whatever is next. */
export async function submitOn(step: Step): Promise<ChainOutcome> {
  const { status } = step
  expectAlive(status)
  switch (status.state) {
    case 'done':
      return { status: 'skipped' }
    case 'ready':
      return executeCall(step)
    case 'scheduled':
      return supportWithNew(step)
    default:
      return startCall(step)
  }
}

/** Executes it where it is ready. */
export async function executeOn(step: Step): Promise<ChainOutcome> {
  const { status } = step
  expectAlive(status)
  if (status.error) throw status.error
  if (status.state === 'done') return { status: 'skipped' }
  if (status.state !== 'ready') throw new RecoveryNotReadyError(status.chainId, status.readyAt)
  return executeCall(step)
}

/** Refuses what can no longer go on; a veto is judged by the contract, as a tier may be beyond it. */
function expectAlive({ state, error }: RecoveryChainStatus): void {
  if (error && state !== 'vetoed') throw error
}

/** Drops the votes that have lost what they rest on. */
export async function recountOn(step: Step): Promise<ChainOutcome> {
  const { chain, data, status } = step
  if (status.state === 'unreachable' && status.error) throw status.error
  if (status.state !== 'scheduled' && status.state !== 'ready') return { status: 'skipped' }
  const evidence = await findEvidence(step)
  if (evidence.length === 0) return { status: 'skipped' }
  const holding = await Promise.all(evidence.map((one) => evidenceHolds(chain, one)))
  if (!holding.includes(false)) return { status: 'skipped' }
  const args = [data.recovery, data.policyBytes, evidence, 0] as const
  return relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'recount', args }))
}

/** What the votes rest on. */
async function findEvidence({ config, chain, data, votes, policy, digest, evidence }: Step): Promise<Evidence[]> {
  if (evidence === 0n) return []
  const { account } = data.recovery
  return readEvidence(config, chain, { account, digest, policy, votes, wanted: evidence })
}

async function startCall(step: Step): Promise<ChainOutcome> {
  const { config, chain, data, votes: all, policy, status, isSetUp, now, benched, signal } = step
  const { recovery, policyBytes, genesis, possession } = data
  const { present: votes, absent } = await findPresentVotes(chain, step, all)
  const voters = votes.flatMap(({ index }) => policy.guardians[index] ?? [])
  const places = votes.map(({ index }) => index)
  const circumstances = { now, benched, isVetoed: status.state === 'vetoed' }
  if (!reachOf(policy, places, circumstances)) {
    const [missing] = absent
    const withAbsent = all.map(({ index }) => index)
    if (missing && reachOf(policy, withAbsent, circumstances)) throw new GuardianAbsentError(missing, chain.id)
    // They would have done, but for a veto: that is what is wrong.
    if (status.error && reachOf(policy, places)) throw status.error
    const weight = voters.reduce((sum, voter) => sum + voter.weight, 0)
    throw new NotEnoughApprovalsError({ weight, kinds: new Set(voters.map(({ kind }) => kind)).size }, policy.tiers)
  }
  if (!isSetUp) await createAndSetUp(chain, config.contracts, { genesis, isChecked: true, signal })
  const args = [recovery, policyBytes, encodeApprovals(votes), possession] as const
  return relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'start', args }))
}

/** Delivers the votes that the chain has not counted. */
async function supportWithNew(step: Step): Promise<ChainOutcome> {
  const { chain, status } = step
  const uncounted = step.votes.filter(({ index }) => (status.votes & (1 << index)) === 0)
  const { present, absent } = await findPresentVotes(chain, step, uncounted)
  if (present.length > 0) return supportCall(step)
  const [missing] = absent
  if (missing) throw new GuardianAbsentError(missing, chain.id)
  return { status: 'skipped' }
}

/** More votes can only make it faster; where they take away what was left of the delay, it executes at once. */
async function supportCall(step: Step): Promise<ChainOutcome> {
  const { config, chain, data, votes, digest } = step
  const { recovery, policyBytes, genesis } = data
  const args = [recovery, policyBytes, encodeApprovals(votes)] as const
  const outcome = await relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'support', args }))
  // What the votes rest on is another thing now, too.
  const progress = await readProgress(chain, config.contracts, { recovery, digest, genesis })
  return progress.status.state === 'ready' ? executeCall({ ...step, ...progress }) : outcome
}

async function executeCall(step: Step): Promise<ChainOutcome> {
  const args = [step.data.recovery, step.data.possession, await findEvidence(step)] as const
  return relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'execute', args }))
}

function relay(step: Step, data: Hex): Promise<ChainOutcome> {
  const { config, chain, signal } = step
  const to = config.contracts.guardianRecovery
  return deliverCall(chain, { to, data, isChecked: true, signal, isDone: () => hasMoved(step) })
}

/** Tells whether the recovery has come further on a chain than it was when this step began. */
async function hasMoved({ config, chain, data, digest, status: before }: Step): Promise<boolean> {
  const { recovery, genesis } = data
  const { state, votes } = await readChainStatus(chain, config.contracts, { recovery, digest, genesis })
  const hasMore = state !== before.state || votes !== before.votes
  return hasMore && (state === 'scheduled' || state === 'ready' || state === 'done')
}
