import { concat, type Hex, size } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { createCursor, expectSize, toBytes, uint } from './cursor.ts'
import { hideSigner, type Policy } from './policy.ts'

/** A guardian's approval. */
export type Approval = {
  /** Place of the guardian in the policy, from 0. */
  readonly index: number
  readonly signature: Hex
  /** What a hidden guardian reveals; absent for others. */
  readonly revealed?: { readonly salt: Hex; readonly signer: Hex } | undefined
}

const subject = 'list of approvals'
const maxGuardians = 32

/**
 * Packs approvals in ascending order of the guardians.
 *
 * @throws {EncodingError} when a guardian is named twice or a part has the wrong size.
 * @example
 * const approvals = encodeApprovals([{ index: 0, signature }, { index: 2, signature: other, revealed: { salt, signer } }])
 * @see SPEC §7, Approvals blob
 */
export function encodeApprovals(approvals: readonly Approval[]): Hex {
  const sorted = approvals.toSorted((a, b) => a.index - b.index)
  const twice = sorted.find(({ index }, place) => index === sorted[place - 1]?.index)
  if (twice) throw new EncodingError(subject, `guardian ${twice.index} approves twice`)
  return concat(sorted.flatMap(encodeApproval))
}

/**
 * Reads packed approvals; the policy says which guardians are hidden.
 *
 * @throws {EncodingError} when bytes are cut or extended, guardians are out of order or unknown, or what a hidden one
 * reveals is not what the policy commits to.
 * @see SPEC §7, Approvals blob
 */
export function decodeApprovals(blob: Hex, policy: Pick<Policy, 'guardians'>): Approval[] {
  const cursor = createCursor(blob, subject)
  const approvals: Approval[] = []
  let last = -1
  while (cursor.remaining > 0) {
    const index = cursor.number(1)
    if (index <= last) throw new EncodingError(subject, `guardian ${index} follows guardian ${last}`)
    last = index
    const guardian = policy.guardians[index]
    if (!guardian) throw new EncodingError(subject, `the policy has no guardian ${index}`)
    const item = cursor.hex(cursor.number(2))
    approvals.push(guardian.isHidden ? readHidden(index, item, guardian.signer) : { index, signature: item })
  }
  return approvals
}

function encodeApproval({ index, signature, revealed }: Approval): Hex[] {
  if (index >= maxGuardians) throw new EncodingError(subject, `there is no guardian ${index}`)
  toBytes(signature, 'approval')
  const item = revealed
    ? concat([
        expectSize(revealed.salt, 32, 'salt of a hidden guardian'),
        uint(size(revealed.signer), 2, 'signer of a guardian'),
        revealed.signer,
        signature,
      ])
    : signature
  return [uint(index, 1, subject), uint(size(item), 2, 'approval'), item]
}

function readHidden(index: number, item: Hex, commitment: Hex): Approval {
  const cursor = createCursor(item, 'approval of a hidden guardian')
  const salt = cursor.hex(32)
  const signer = cursor.hex(cursor.number(2))
  if (hideSigner(salt, signer) !== commitment.toLowerCase())
    throw new EncodingError('approval of a hidden guardian', 'it reveals another signer than the policy commits to')
  const signatureLength = cursor.remaining
  return { index, signature: cursor.hex(signatureLength), revealed: { salt, signer } }
}
