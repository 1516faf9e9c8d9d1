import { type Hex, hashTypedData } from 'viem'
import { passkeyTypedData } from '../encoding/typedData.ts'
import type { Assertion } from '../webauthn/assertion.ts'
import { merkleTree } from '../webauthn/merkle.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'
import { signDigest } from './signDigest.ts'

/** One assertion over several digests, and how each of them is proven to be among them. */
export type SignedDigests = {
  readonly assertion: Assertion
  /** One Merkle proof per digest, in order; none where a single digest was signed itself. */
  readonly proofs: readonly (readonly Hex[] | undefined)[]
}

/**
 * Asks the account's passkey to sign several digests: one prompt, over the root of a Merkle tree. A single digest is
 * signed as it is.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed.
 * @see SPEC §3, Challenge
 */
export async function signDigests(
  account: Pick<PasskeyAccount, 'config' | 'credential'>,
  digests: readonly Hex[],
  signal?: AbortSignal,
): Promise<SignedDigests> {
  const [only] = digests
  if (only && digests.length === 1) return { assertion: await signDigest(account, only, signal), proofs: [undefined] }
  const { root, proofs } = merkleTree(digests)
  const { passkeyValidator } = account.config.contracts
  const challenge = hashTypedData(passkeyTypedData(passkeyValidator, 'MultiChain', { root }))
  return { assertion: await signDigest(account, challenge, signal), proofs }
}
