import { type Hex, isAddressEqual, slice, zeroAddress } from 'viem'
import { readOidcProof } from '../encoding/oidcProof.ts'
import { EncodingError } from '../errors/encoding.ts'

/**
 * Reads until when chains take an approval by a sign-in, so that one that is too old is told before it is delivered.
 *
 * @returns Unix time in seconds.
 * @throws {EncodingError} when it is no approval by a sign-in.
 * @example
 * const isTooOld = proofExpiry(guardian, approval.signature) < Date.now() / 1_000
 */
export function proofExpiry({ signer }: { readonly signer: Hex }, signature: Hex): number {
  const { exp } = readOidcProof(signature, isAddressEqual(slice(signer, 20, 40), zeroAddress)).claims
  if (typeof exp !== 'number') throw new EncodingError('proof of a sign-in', 'its token has no end')
  return exp
}
