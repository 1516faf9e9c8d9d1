import { bytesToHex, type Hex, isHex, size } from 'viem'
import { type Guardian, hideSigner, type Policy } from '../encoding/policy.ts'
import { InvalidApprovalError, NotAGuardianError } from '../errors/recovery.ts'
import type { GuardianInput } from './guardians.ts'

/** What shows who a hidden guardian is; needed when the guardian approves. Not secret from the guardian, but from the public. */
export type Reveal = {
  /** 32 random bytes. */
  readonly salt: Hex
  /** The ERC-7913 signer that the policy commits to. */
  readonly signer: Hex
}

/** A guardian whom the policy names by a commitment only. */
export type HiddenGuardianInput = GuardianInput & { readonly isHidden: true; readonly reveal: Reveal }

/**
 * Hides a guardian: the chains learn who it is when it approves, and not before. The owner keeps `reveal`, in the kit and
 * with the guardian; without it the guardian has no vote.
 *
 * @param salt - 32 random bytes. Default: fresh ones.
 * @example
 * const guardian = hideGuardian(walletGuardian('0x…', { name: 'Grace' }))
 * const plan = await planRecovery(account, { guardians: [guardian], preset: 'careful' })
 * keepSafe(plan.reveals)
 * @see SPEC §7, Policy bytes
 */
export function hideGuardian(
  guardian: GuardianInput,
  salt: Hex = bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
): HiddenGuardianInput {
  const { signer } = guardian
  return { ...guardian, signer: hideSigner(salt, signer), isHidden: true, reveal: { salt, signer } }
}

/** Returns the place of the guardian with this signer, and what it has to reveal; `undefined` when the policy has none. */
export function findSigner(
  { guardians }: Pick<Policy, 'guardians'>,
  signer: Hex,
  reveals: readonly Reveal[] = [],
): { readonly index: number; readonly revealed?: Reveal | undefined } | undefined {
  const wanted = signer.toLowerCase()
  const inTheOpen = guardians.findIndex((guardian) => !guardian.isHidden && guardian.signer.toLowerCase() === wanted)
  if (inTheOpen !== -1) return { index: inTheOpen }
  for (const reveal of reveals) {
    if (reveal.signer.toLowerCase() !== wanted) continue
    const commitment = hideSigner(reveal.salt, reveal.signer)
    const index = guardians.findIndex((guardian) => guardian.isHidden && guardian.signer.toLowerCase() === commitment)
    if (index !== -1) return { index, revealed: { salt: reveal.salt, signer: reveal.signer } }
  }
  return undefined
}

/**
 * Returns who signs for the guardian at a place: the signer of the policy or, of a hidden one, what it reveals.
 *
 * @throws {NotAGuardianError} when the policy has no such guardian.
 * @throws {InvalidApprovalError} when a hidden one reveals nothing, or another than the policy commits to or has already.
 */
export function signerOf(
  { guardians }: Pick<Policy, 'guardians'>,
  { index, revealed }: { readonly index: number; readonly revealed?: Reveal | undefined },
): { readonly guardian: Guardian; readonly signer: Hex } {
  const guardian = guardians[index]
  if (!guardian) throw new NotAGuardianError(`Number ${index}`)
  if (!guardian.isHidden) {
    if (revealed) throw new InvalidApprovalError(index)
    return { guardian, signer: guardian.signer }
  }
  const isWhole = revealed && isHex(revealed.salt) && size(revealed.salt) === 32 && isHex(revealed.signer)
  if (!isWhole || hideSigner(revealed.salt, revealed.signer) !== guardian.signer.toLowerCase())
    throw new InvalidApprovalError(index)
  const isTwice = guardians.some(
    (other) => !other.isHidden && other.signer.toLowerCase() === revealed.signer.toLowerCase(),
  )
  if (isTwice) throw new InvalidApprovalError(index)
  return { guardian, signer: revealed.signer }
}
