import { type Hex, hashTypedData } from 'viem'
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
import { decodePolicy, type Policy } from '../encoding/policy.ts'
import { type Recovery, type RekeyTypedData, recoveryTypedData } from '../encoding/typedData.ts'
import { credentialCommitment } from '../webauthn/credential.ts'
import { type Ballot, createBallot } from './ballot.ts'
import { isFinal, type RecoveryChainStatus, readChainStatus, readProgress } from './chainStatus.ts'
import { formatRequest, toRequestLink } from './link/approvalRequest.ts'
import { recoveryPhrase } from './phrase.ts'
import { approvalsOn } from './recoveryApproval.ts'
import {
  type RecoveryData,
  type RecoveryJson,
  readRecoveryJson,
  toRecoveryJson,
  toRecoveryLink,
} from './recoveryJson.ts'
import { executeOn, recountOn, type Step, submitOn } from './recoverySteps.ts'

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
  /**
   * Drops votes that rest on something withdrawn since, such as an issuer's key, on every chain. The rest may have to wait
   * longer, or to start anew; `skipped` where everything holds.
   */
  recount(parameters?: WorkParameters): Promise<ChainResult[]>
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
    recount: perChain(recountOn),
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

function toDiff(chainId: number, recovery: Recovery, state: { passkeys: readonly StoredPasskey[] }): RecoveryDiff {
  const added = credentialCommitment(recovery.credential)
  const keepsPasskeys = (recovery.keep & 1) !== 0
  const stays = findPasskey(state, added)
  return { chainId, added, removed: keepsPasskeys ? [] : state.passkeys.filter((passkey) => passkey !== stays) }
}
