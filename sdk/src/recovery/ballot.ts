import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import { type Approver, type GuardianMessage, type SigningRequest, signApproval } from './approve.ts'
import { signApprovalWithAccount } from './approveWithAccount.ts'
import { checkApproval, checkChainApproval } from './checkApproval.ts'
import type { Reveal } from './hiddenGuardians.ts'
import { parseApproval } from './link/reply.ts'
import { mergeApproval, type RecoveryApproval } from './recoveryApproval.ts'

/** How approvals of a message are collected. */
export type Ballot = {
  /** Checked approvals so far. */
  readonly approvals: readonly RecoveryApproval[]
  /**
   * Lets a guardian approve, and records the approval.
   *
   * @throws {NotAGuardianError} for a stranger, before anything is signed.
   * @throws {InvalidApprovalError} for a signature over something else.
   */
  approve(by: Approver): Promise<Approval>
  /**
   * Lets a guardian that is a Rekey account approve by its passkey, and records the approval. One prompt; it counts on the
   * chains on which the guardian's account is set up.
   *
   * @throws {NotAGuardianError} {@link AccountNotSetUpError} before anything is signed.
   */
  approveWithAccount(
    guardian: PasskeyAccount,
    parameters?: { reveals?: readonly Reveal[] | undefined; signal?: AbortSignal | undefined },
  ): Promise<RecoveryApproval>
  /**
   * Records an approval that a guardian made elsewhere, after checking it; also as the text or link that came back.
   *
   * @throws {LinkDamagedError} {@link LinkOtherRequestError} {@link InvalidApprovalError} {@link NotAGuardianError}
   */
  addApproval(approval: RecoveryApproval | string): Promise<void>
}

/** Collects approvals of one message; what is recorded has been checked. */
export function createBallot<name extends GuardianMessage>(
  config: RekeyConfig,
  request: SigningRequest<name>,
  { chains, known }: { chains: readonly ConfiguredChain[]; known: readonly RecoveryApproval[] },
): Ballot {
  const approvals = new Map(known.map((approval) => [approval.index, approval]))
  const record = <approval extends RecoveryApproval>(checked: approval): approval => {
    approvals.set(checked.index, mergeApproval(approvals.get(checked.index), checked))
    return checked
  }
  return {
    get approvals() {
      return [...approvals.values()]
    },
    approve: async (by) => record(await checkApproval(config, request, await signApproval(config, request, by))),
    async approveWithAccount(guardian, { reveals, signal } = {}) {
      const { policy, typedData } = request
      const signed = await signApprovalWithAccount(guardian, { policy, typedData, chains, reveals, signal })
      return record(await checkChainApproval(config, request, signed))
    },
    async addApproval(input) {
      const approval = typeof input === 'string' ? parseApproval(request.digest, input) : input
      record(
        'signature' in approval
          ? await checkApproval(config, request, approval)
          : await checkChainApproval(config, request, approval),
      )
    },
  }
}
