import { encodeFunctionData, type Hex, hashTypedData } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import { findPasskey, readPasskeys, type StoredPasskey } from '../accounts/accountState.ts'
import { getAccount, type PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { pause, untilAborted } from '../config/abort.ts'
import {
  type ChainOutcome,
  type ChainResult,
  type OnProgress,
  readFromChains,
  runOnChains,
} from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { deliverCall } from '../config/relayCall.ts'
import { type Approval, encodeApprovals } from '../encoding/approvals.ts'
import { decodePolicy, type Policy } from '../encoding/policy.ts'
import { type Recovery, type RekeyTypedData, recoveryTypedData } from '../encoding/typedData.ts'
import { NotEnoughApprovalsError, RecoveryNotReadyError } from '../errors/recovery.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import { type Ballot, createBallot } from './ballot.ts'
import {
  isFinal,
  type RecoveryChainStatus,
  type RecoveryProgress,
  readChainStatus,
  readProgress,
} from './chainStatus.ts'
import { createAndSetUp } from './ensureSetUp.ts'
import { formatRequest, toRequestLink } from './link/approvalRequest.ts'
import { recoveryPhrase } from './phrase.ts'
import { reachOf } from './reach.ts'
import { approvalsOn } from './recoveryApproval.ts'
import {
  type RecoveryData,
  type RecoveryJson,
  readRecoveryJson,
  toRecoveryJson,
  toRecoveryLink,
} from './recoveryJson.ts'

/** What a recovery changes on one chain. */
export type RecoveryDiff = {
  readonly chainId: number
  /** Commitment of the passkey that comes in. */
  readonly added: Hex
  /** Passkeys that go out. */
  readonly removed: readonly StoredPasskey[]
}

type WorkParameters = { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined }

/** A recovery under way. It lives in its JSON: any device can go on with it. */
export type RecoveryRequest = Ballot & {
  /** The recovery's id: what guardians sign. */
  readonly digest: Hex
  readonly recovery: Recovery
  readonly policy: Policy
  /** Four words for owner and guardian to compare. */
  readonly phrase: string
  /** What a wallet guardian signs. */
  readonly typedData: RekeyTypedData<'Recovery'>
  /** Reads what the recovery changes, on each chain that answers. */
  diff(parameters?: { signal?: AbortSignal | undefined }): Promise<RecoveryDiff[]>
  /**
   * Starts the recovery on every chain, and executes it where there is no delay left. Creates and sets up the account
   * where it is missing. Called again, it goes on where it is not finished.
   */
  submit(parameters?: WorkParameters): Promise<ChainResult[]>
  /** Executes the recovery on every chain where it is ready. */
  execute(parameters?: WorkParameters): Promise<ChainResult[]>
  /** Reads where the recovery stands, on every chain. */
  status(parameters?: { signal?: AbortSignal | undefined }): Promise<RecoveryChainStatus[]>
  /** Yields the status whenever it has changed, until nothing can change any more or the signal ends it. */
  watch(parameters?: {
    signal?: AbortSignal | undefined
    pollingInterval?: number | undefined
  }): AsyncGenerator<RecoveryChainStatus[]>
  /** Returns the account with the new passkey. */
  toAccount(): PasskeyAccount
  toJSON(): RecoveryJson
  /** Returns a link to a page of yours that hands all of the recovery to another device, to go on there. */
  toLink(page: string): string
  /** What guardians are asked, as text for a message or a QR code; a guardian opens it with `loadApprovalRequest`. */
  readonly text: string
  /** Returns a link to a page of yours that asks a guardian to approve; shorter than `toLink`. */
  toApprovalLink(page: string): string
}

/**
 * Goes on with a recovery from its JSON, its text or a link: on another device, or on a guardian's.
 *
 * @throws {InvalidRecordError} when it is cut or changed.
 * @example
 * const request = loadRecovery(config, location.href)
 * show(request.phrase, await request.diff())
 * const approval = await request.approve({ wallet })
 */
export function loadRecovery(config: RekeyConfig, input: unknown): RecoveryRequest {
  return createRequest(config, readRecoveryJson(config.contracts, input))
}

/** Returns the request that a recovery's data stands for. */
export function createRequest(config: RekeyConfig, data: RecoveryData): RecoveryRequest {
  const { contracts } = config
  const { recovery, policyBytes, genesis, passkey } = data
  const policy = decodePolicy(policyBytes)
  const typedData = recoveryTypedData(contracts.guardianRecovery, 'Recovery', recovery)
  const digest = hashTypedData(typedData)
  const identity = { recovery, digest, genesis }
  const chains = config.chains.filter(
    ({ id }) => recovery.chainIds.length === 0 || recovery.chainIds.includes(BigInt(id)),
  )
  const ballot = createBallot(config, { policy, digest, typedData }, { chains, known: data.approvals })
  const current = (): RecoveryData => ({ ...data, approvals: ballot.approvals })
  const readStatus = ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
    untilAborted(Promise.all(chains.map((chain) => readChainStatus(chain, contracts, identity))), signal)
  const ask = { name: 'Recovery', message: recovery, policyBytes } as const
  const perChain =
    (work: (step: Step) => Promise<ChainOutcome>) =>
    ({ signal, onProgress }: WorkParameters = {}) =>
      runOnChains(
        chains,
        async (chain) => {
          const progress = await readProgress(chain, contracts, identity)
          const data = current()
          return work({
            config,
            chain,
            data,
            votes: approvalsOn(chain.id, data.approvals),
            policy,
            digest,
            ...progress,
            signal,
          })
        },
        { signal, onProgress },
      )

  return {
    digest,
    recovery,
    policy,
    phrase: recoveryPhrase(digest),
    typedData,
    get approvals() {
      return ballot.approvals
    },
    async diff({ signal } = {}) {
      const read = (chain: ConfiguredChain) => readPasskeys(chain, contracts, recovery.account)
      const states = await readFromChains(chains, read, signal)
      return states.flatMap((answer) => ('value' in answer ? [toDiff(answer.chain.id, recovery, answer.value)] : []))
    },
    approve: ballot.approve,
    approveWithAccount: ballot.approveWithAccount,
    addApproval: ballot.addApproval,
    submit: perChain(submitOn),
    execute: perChain(executeOn),
    status: readStatus,
    async *watch({ signal, pollingInterval } = {}) {
      let last = ''
      while (!signal?.aborted) {
        const statuses = await readStatus()
        const now = JSON.stringify(statuses.map(({ error: _, ...status }) => status))
        if (now !== last) yield statuses
        last = now
        if (statuses.every(isFinal)) return
        await pause(pollingInterval ?? Math.min(...chains.map(({ client }) => client.pollingInterval)), signal)
      }
    },
    toAccount: () => getAccount(config, { address: recovery.account, genesis, credential: passkey }),
    toJSON: () => toRecoveryJson(current()),
    toLink: (page) => toRecoveryLink(page, toRecoveryJson(current())),
    text: formatRequest(config, ask),
    toApprovalLink: (page) => toRequestLink(config, page, ask),
  }
}

/** What it takes to go on with a recovery on one chain. */
type Step = RecoveryProgress & {
  readonly config: RekeyConfig
  readonly chain: ConfiguredChain
  readonly data: RecoveryData
  /** Approvals that hold on this chain. */
  readonly votes: readonly Approval[]
  readonly policy: Policy
  readonly digest: Hex
  readonly signal: AbortSignal | undefined
}

async function submitOn(step: Step): Promise<ChainOutcome> {
  const { status } = step
  expectAlive(status)
  switch (status.state) {
    case 'done':
      return { status: 'skipped' }
    case 'ready':
      return executeCall(step)
    case 'scheduled':
      return hasNewVotes(step) ? supportCall(step) : { status: 'skipped' }
    default:
      return startCall(step)
  }
}

async function executeOn(step: Step): Promise<ChainOutcome> {
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

async function startCall(step: Step): Promise<ChainOutcome> {
  const { config, chain, data, votes, policy, status, isSetUp, now, benched, signal } = step
  const { recovery, policyBytes, genesis, possession } = data
  const voters = votes.flatMap(({ index }) => policy.guardians[index] ?? [])
  const places = votes.map(({ index }) => index)
  const isVetoed = status.state === 'vetoed'
  if (!reachOf(policy, places, { now, benched, isVetoed })) {
    // They would have done, but for a veto: that is what is wrong.
    if (status.error && reachOf(policy, places)) throw status.error
    throw new NotEnoughApprovalsError({
      weight: voters.reduce((sum, { weight }) => sum + weight, 0),
      kinds: new Set(voters.map(({ kind }) => kind)).size,
    })
  }
  if (!isSetUp) await createAndSetUp(chain, config.contracts, { genesis, isChecked: true, signal })
  const args = [recovery, policyBytes, encodeApprovals(votes), possession] as const
  return relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'start', args }))
}

/** More votes can only make it faster; where they take away what was left of the delay, it executes at once. */
async function supportCall(step: Step): Promise<ChainOutcome> {
  const { config, chain, data, votes, digest } = step
  const { recovery, policyBytes, genesis } = data
  const args = [recovery, policyBytes, encodeApprovals(votes)] as const
  const outcome = await relay(step, encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'support', args }))
  const status = await readChainStatus(chain, config.contracts, { recovery, digest, genesis })
  return status.state === 'ready' ? executeCall(step) : outcome
}

async function executeCall(step: Step): Promise<ChainOutcome> {
  // No guardian kind of this version gives evidence.
  const args = [step.data.recovery, step.data.possession, []] as const
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

function hasNewVotes({ votes, status }: Step): boolean {
  return votes.some(({ index }) => (status.votes & (1 << index)) === 0)
}

function toDiff(chainId: number, recovery: Recovery, state: { passkeys: readonly StoredPasskey[] }): RecoveryDiff {
  const added = credentialCommitment(recovery.credential)
  const keepsPasskeys = (recovery.keep & 1) !== 0
  const stays = findPasskey(state, added)
  return { chainId, added, removed: keepsPasskeys ? [] : state.passkeys.filter((passkey) => passkey !== stays) }
}
