import type { Address, Hex } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when an account has no guardians' policy on any chain that answered, or nobody shows the bytes of the one it has. */
export class PolicyNotFoundError extends BaseError {
  override readonly name = 'Recovery.PolicyNotFoundError'
  readonly code = 'RECOVERY_NO_POLICY'
  /** What each source of the bytes said, where the chain names a policy. */
  readonly problems: readonly BaseError[]

  constructor(account: Address, problems: readonly BaseError[] = []) {
    const isHidden = problems.length > 0
    super(
      isHidden
        ? `The guardians of account ${account} could not be read.`
        : `Account ${account} has no guardians on any chain that answered.`,
      {
        details: isHidden ? problems.map(({ shortMessage }) => shortMessage).join(' ') : undefined,
        metaMessages: [
          isHidden
            ? 'Pass the recovery kit or the sheet of this account, or reach a node that shows older events.'
            : 'Check the address. Without guardians named in advance nobody can recover an account.',
        ],
      },
    )
    this.problems = problems
  }
}

/** Thrown, or listed, when bytes are given out as an account's policy that do not have the hash its chain stores. */
export class PolicyMismatchError extends BaseError {
  override readonly name = 'Recovery.PolicyMismatchError'
  readonly code = 'RECOVERY_POLICY_MISMATCH'
  /** Who gave them: the caller (kit, sheet or link), a node's events, or the PolicyStore as a node shows it. */
  readonly source: 'given' | 'event' | 'store'

  constructor(source: PolicyMismatchError['source'], { wanted }: { wanted: Hex }) {
    const sources = { given: 'kit, sheet or link', event: 'events of the node', store: 'PolicyStore of the node' }
    super(`The policy from the ${sources[source]} is not the one that the chain names.`, {
      details: `the chain wants the policy with id ${wanted}`,
      metaMessages: ['These bytes are not used; other sources are asked. A kit may be older than the last change.'],
    })
    this.source = source
  }
}

/** Thrown when someone approves who is no guardian of the account. */
export class NotAGuardianError extends BaseError {
  override readonly name = 'Recovery.NotAGuardianError'
  readonly code = 'RECOVERY_NOT_A_GUARDIAN'

  constructor(who: string) {
    super(`${who} is not a guardian of this account.`, {
      metaMessages: ['Nothing was recorded. Use the wallet or passkey that the owner named as guardian.'],
    })
  }
}

/** Thrown when an approval is not a signature of its guardian over this very recovery. */
export class InvalidApprovalError extends BaseError {
  override readonly name = 'Recovery.InvalidApprovalError'
  readonly code = 'RECOVERY_INVALID_APPROVAL'

  constructor(index: number, cause?: unknown) {
    super(`The approval of guardian ${index} is not a signature over this recovery.`, {
      cause,
      metaMessages: ['Nothing was recorded. Open the link of this recovery again and approve there.'],
    })
  }
}

/** Thrown when a guardian is a contract wallet that is not deployed where its approval should count. */
export class GuardianAbsentError extends BaseError {
  override readonly name = 'Recovery.GuardianAbsentError'
  readonly code = 'RECOVERY_GUARDIAN_ABSENT'
  readonly wallet: Address

  /** @param chainId - Absent where no chain that answered has the wallet. */
  constructor(wallet: Address, chainId?: number) {
    super(
      `Wallet ${wallet} is not deployed on ${chainId ? `chain ${chainId}` : 'any chain'}: its approval does not count.`,
      {
        metaMessages: ['Deploy it at the same address and try again: what was recorded stays valid.'],
      },
    )
    this.wallet = wallet
  }
}

/** Thrown before anything is sent when it cannot be found out what the votes of a recovery rest on. */
export class EvidenceUnknownError extends BaseError {
  override readonly name = 'Recovery.EvidenceUnknownError'
  readonly code = 'RECOVERY_EVIDENCE_UNKNOWN'

  constructor(chainId: number) {
    super(`What the votes of this recovery rest on is not known on chain ${chainId}.`, {
      metaMessages: [
        'Add the approvals that were delivered there, and use a node that keeps the states of old blocks.',
      ],
    })
  }
}

/** What guardians weigh together, and of how many kinds they are. */
type Weight = { readonly weight: number; readonly kinds: number }

/** Thrown before anything is sent when the approvals at hand reach no tier of the policy. */
export class NotEnoughApprovalsError extends BaseError {
  override readonly name = 'Recovery.NotEnoughApprovalsError'
  readonly code = 'RECOVERY_NOT_ENOUGH_APPROVALS'

  constructor(seen: Weight, tiers: readonly Weight[]) {
    super('The approvals reach no tier of the policy.', {
      details: `${sayWeight(seen)}; it takes ${tiers.map(sayWeight).join(', or ')}`,
      metaMessages: ['Ask more guardians; the ones who approved need not do it again.'],
    })
  }
}

function sayWeight({ weight, kinds }: Weight): string {
  return `weight ${weight} from ${kinds} kinds of guardians`
}

/** Thrown when a chain's policy is not the one that the recovery was approved under. */
export class OtherPolicyError extends BaseError {
  override readonly name = 'Recovery.OtherPolicyError'
  readonly code = 'RECOVERY_OTHER_POLICY'

  constructor(chainId: number) {
    super(`On chain ${chainId} the account has no guardians, or others than this recovery names.`, {
      metaMessages: [
        'Deliver the owner-signed policy to this chain, or start a recovery for this chain alone under the one it has.',
      ],
    })
  }
}

const startAnew = 'Start a new recovery if you still need one; guardians have to approve it anew.'
const remedies = {
  vetoed:
    'If you are the owner and this was not you, collect approvals for a tier that cannot be vetoed, and submit again.',
  cancelled: startAnew,
  benched:
    'Start a new recovery with other guardians, with a tier that cannot be vetoed, or seven days after that veto.',
  expired: startAnew,
  superseded: startAnew,
} as const

/** Thrown when a recovery can no longer go on, on a chain. */
export class RecoveryOverError extends BaseError {
  override readonly name = 'Recovery.RecoveryOverError'
  readonly code = 'RECOVERY_OVER'
  readonly state: 'vetoed' | 'cancelled' | 'benched' | 'expired' | 'superseded'

  constructor(chainId: number, state: RecoveryOverError['state']) {
    const problems = {
      vetoed: 'the owner vetoed it',
      cancelled: 'guardians called it off',
      benched: 'the owner vetoed another recovery of the same guardians, and with it this one',
      expired: 'it was not executed in time',
      superseded: 'a newer recovery or policy took effect',
    }
    super(`The recovery is over on chain ${chainId}: ${problems[state]}.`, {
      metaMessages: [remedies[state]],
    })
    this.state = state
  }
}

/** Thrown when a recovery has to wait on a chain. */
export class RecoveryNotReadyError extends BaseError {
  override readonly name = 'Recovery.NotReadyError'
  readonly code = 'RECOVERY_NOT_READY'
  /** Unix time in seconds. */
  readonly readyAt: number | undefined

  constructor(chainId: number, readyAt: number | undefined) {
    super(
      readyAt === undefined
        ? `The recovery has not been started on chain ${chainId}.`
        : `The recovery has to wait on chain ${chainId}.`,
      {
        details: readyAt === undefined ? undefined : `until ${new Date(readyAt * 1_000).toISOString()}`,
        metaMessages: [readyAt === undefined ? 'Submit it first.' : 'Execute it after that time.'],
      },
    )
    this.readyAt = readyAt
  }
}

/** Thrown when the new passkey cannot do on chain what it will have to do after the recovery. */
export class NewPasskeyUnusableError extends BaseError {
  override readonly name = 'Recovery.NewPasskeyUnusableError'
  readonly code = 'RECOVERY_NEW_PASSKEY_UNUSABLE'

  constructor(details: string) {
    super('The new passkey could not sign for the account.', {
      details,
      metaMessages: ['Nothing was sent. Start again, with another device or browser if it happens twice.'],
    })
  }
}

/** Thrown when a policy lets no guardian freeze the account, or not for so long. */
export class FreezeNotAllowedError extends BaseError {
  override readonly name = 'Recovery.FreezeNotAllowedError'
  readonly code = 'RECOVERY_FREEZE_NOT_ALLOWED'

  constructor({ wanted, allowed }: { wanted: number; allowed: number }) {
    super('The policy does not allow this freeze.', {
      details: `wanted ${wanted} hours, allowed ${allowed}`,
      metaMessages: ['Ask for fewer hours. A policy that allows none can be changed by the owner only.'],
    })
  }
}

/** Thrown when nothing is announced that could be applied or called off. */
export class NoChangeError extends BaseError {
  override readonly name = 'Recovery.NoChangeError'
  readonly code = 'RECOVERY_NO_CHANGE'

  constructor(account: Address) {
    super(`Account ${account} has announced nothing on the chains that answered.`, {
      metaMessages: ['Announce the change first.'],
    })
  }
}

/** Thrown when an announced change cannot be applied, now or any more. */
export class ChangeNotReadyError extends BaseError {
  override readonly name = 'Recovery.ChangeNotReadyError'
  readonly code = 'RECOVERY_CHANGE_NOT_READY'
  /** Unix time in seconds from which it can be applied, where there is one. */
  readonly readyAt: number | undefined

  constructor(
    chainId: number,
    change: { readonly state: string; readonly readyAt: number; readonly heldUntil?: number | undefined },
  ) {
    const readyAt = { waiting: change.readyAt, held: change.heldUntil }[change.state]
    super(`The change cannot be applied on chain ${chainId}: it is ${change.state}.`, {
      details: readyAt === undefined ? undefined : `until ${new Date(readyAt * 1_000).toISOString()}`,
      metaMessages: [readyAt === undefined ? 'Announce it again if you still want it.' : 'Apply it after that time.'],
    })
    this.readyAt = readyAt
  }
}
