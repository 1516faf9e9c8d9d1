import { type Hex, hashTypedData } from 'viem'
import { type ChainResult, type OnProgress, runOnChains } from '../../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../../config/createConfig.ts'
import { deliverCall } from '../../config/relayCall.ts'
import { type Approval, encodeApprovals } from '../../encoding/approvals.ts'
import type { Call } from '../../encoding/execution.ts'
import { decodePolicy, type Policy } from '../../encoding/policy.ts'
import { type RekeyTypedData, recoveryTypedData } from '../../encoding/typedData.ts'
import { GuardianAbsentError, NotEnoughApprovalsError } from '../../errors/recovery.ts'
import type { GuardianMessage } from '../approve.ts'
import { type Ballot, createBallot } from '../ballot.ts'
import { findPresentVotes } from '../contractWallets.ts'
import { formatRequest, toRequestLink } from '../link/approvalRequest.ts'
import type { GuardianAsk } from '../link/requestBytes.ts'
import { recoveryPhrase } from '../phrase.ts'
import { approvalsOn, type RecoveryApproval } from '../recoveryApproval.ts'

/** Something that guardians are asked to sign besides a recovery: a drill, a freeze, the end of a recovery. */
export type GuardianRequest<name extends GuardianMessage = GuardianMessage> = Ballot & {
  readonly ask: GuardianAsk<name>
  readonly policy: Policy
  /** What guardians sign. */
  readonly digest: Hex
  /** Four words for owner and guardian to compare. */
  readonly phrase: string
  readonly typedData: RekeyTypedData<name>
  /** The request as text, for a message or a QR code; a guardian opens it with `loadApprovalRequest`. */
  readonly text: string
  /** Returns a link to a page of yours that shows the request to a guardian. */
  toLink(page: string): string
  /** The call that delivers the approvals so far to a chain, for any batch of anyone. */
  calls(chainId: number): Call[]
  /**
   * Delivers the approvals to every chain through its relay. Nobody's account is needed.
   *
   * @throws {NotEnoughApprovalsError} when nobody has approved.
   * @throws {GuardianAbsentError} when all who approved are contract wallets that a chain does not have.
   */
  submit(parameters?: SubmitParameters): Promise<ChainResult[]>
}

/** How a request is delivered. */
export type SubmitParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/** Returns the request that a message to guardians stands for. */
export function createGuardianRequest<name extends Exclude<GuardianMessage, 'Recovery'>>(
  config: RekeyConfig,
  ask: GuardianAsk<name>,
  encodeCall: (policyBytes: Hex, approvals: Hex) => Hex,
  known: readonly RecoveryApproval[] = [],
): GuardianRequest<name> {
  const { guardianRecovery } = config.contracts
  const policy = decodePolicy(ask.policyBytes)
  const typedData = recoveryTypedData(guardianRecovery, ask.name, ask.message as never) as RekeyTypedData<name>
  const digest = hashTypedData(typedData as never)
  const ballot = createBallot(config, { policy, digest, typedData }, { chains: config.chains, known })
  const toCall = (votes: readonly Approval[]): Call => ({
    to: guardianRecovery,
    data: encodeCall(ask.policyBytes, encodeApprovals(votes)),
  })
  const deliver = async (chain: ConfiguredChain, signal: AbortSignal | undefined) => {
    const votes = approvalsOn(chain.id, ballot.approvals)
    if (votes.length === 0) throw new NotEnoughApprovalsError({ weight: 0, kinds: 0 }, [{ weight: 1, kinds: 1 }])
    const { present, absent } = await findPresentVotes(chain, { policy, digest }, votes)
    const [missing] = absent
    if (missing && present.length === 0) throw new GuardianAbsentError(missing, chain.id)
    return deliverCall(chain, { ...toCall(votes), signal })
  }
  return Object.defineProperty(
    {
      ...ballot,
      ask,
      policy,
      digest,
      phrase: recoveryPhrase(digest),
      typedData,
      text: formatRequest(config, ask as GuardianAsk),
      toLink: (page: string) => toRequestLink(config, page, ask as GuardianAsk),
      calls: (chainId: number) => [toCall(approvalsOn(chainId, ballot.approvals))],
      submit: ({ chainIds, signal, onProgress }: SubmitParameters = {}) =>
        runOnChains(selectChains(config, chainIds), (chain) => deliver(chain, signal), { signal, onProgress }),
    },
    // Spreading would have frozen the list.
    'approvals',
    { get: () => ballot.approvals, enumerable: true },
  )
}
