import { concat, type Hex, keccak256, size, slice, stringToBytes, zeroAddress } from 'viem'
import { readOidcProof } from '../../encoding/oidcProof.ts'
import { EncodingError } from '../../errors/encoding.ts'

const signInSize = 72
const algorithms: Readonly<Record<string, Hex>> = { RS256: '0x01', ES256: '0x02' }

/**
 * What a vote by a sign-in rests on, in the words of an approval by the same guardian: the issuer's key. That approval may be
 * a later one than the one that was counted, which verifies at neither time. Only the hash that a chain keeps says
 * whether it is right.
 *
 * @returns `undefined` for other guardians.
 * @see SPEC §10, OidcRecoveryValidator
 */
export function statedEvidence(signer: Hex, signature: Hex): Hex | undefined {
  if (size(signer) !== signInSize) return undefined
  const isPinned = slice(signer, 20, 40) === zeroAddress
  try {
    const { header, claims, key } = readOidcProof(signature, isPinned)
    const algorithm = algorithms[String(header.alg)]
    if (isPinned) return algorithm && keccak256(concat([algorithm, key]))
    const [issuer, kid] = [claims.iss, header.kid].map((name) => keccak256(stringToBytes(String(name))))
    return issuer && kid && keccak256(concat([issuer, kid]))
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}
