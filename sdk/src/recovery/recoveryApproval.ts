import type { ChainSignature } from '../accounts/signMessage.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Reveal } from './hiddenGuardians.ts'

/** A guardian's approval of a recovery, as it travels; nothing in it is secret. */
export type RecoveryApproval =
  /** One signature that holds on every chain: of a key. */
  | Approval
  /** One signature per chain: of a contract, whose own rules bind its signatures to a chain. */
  | ChainApproval

/** A contract's approval. */
export type ChainApproval = {
  readonly index: number
  readonly signatures: readonly ChainSignature[]
  /** What a hidden guardian reveals; absent for others. */
  readonly revealed?: Reveal | undefined
}

/** Returns the approvals that hold on a chain. */
export function approvalsOn(chainId: number, approvals: readonly RecoveryApproval[]): Approval[] {
  return approvals.flatMap((approval) => {
    if ('signature' in approval) return [approval]
    const { index, revealed } = approval
    const found = approval.signatures.find((signature) => signature.chainId === chainId)
    return found ? [{ index, signature: found.signature, ...(revealed && { revealed }) }] : []
  })
}

/** Puts a guardian's further signatures beside those that are known; a newer one for the same chain replaces the older. */
export function mergeApproval(known: RecoveryApproval | undefined, added: RecoveryApproval): RecoveryApproval {
  if (!known || 'signature' in known || 'signature' in added) return added
  const kept = known.signatures.filter(({ chainId }) => !added.signatures.some((other) => other.chainId === chainId))
  return { ...added, signatures: [...kept, ...added.signatures] }
}
