import { concat, hexToBytes, numberToHex, sha256, stringToHex } from 'viem'
import type { Assertion } from './assertion.ts'
import { copy } from './createCredential.ts'
import { isOnCurve, n, type PublicKey } from './p256.ts'

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const

/**
 * Tells whether a key made an assertion, with low s as the contracts want it; by the platform's own P-256, for places
 * without a chain.
 *
 * @example
 * const isHers = await verifyAssertion(credential.publicKey, assertion)
 */
export async function verifyAssertion({ x, y }: PublicKey, assertion: Assertion): Promise<boolean> {
  const { r, s } = assertion.signature
  if (!isOnCurve({ x, y }) || r <= 0n || r >= n || s <= 0n || s > n / 2n) return false
  const words = (...values: bigint[]) => concat(values.map((value) => numberToHex(value, { size: 32 })))
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', copy(hexToBytes(concat(['0x04', words(x, y)]))), curve, false, ['verify'])
  const algorithm = { name: curve.name, hash: 'SHA-256' }
  return subtle.verify(algorithm, key, copy(hexToBytes(words(r, s))), copy(signedBytes(assertion)))
}

/** Returns the bytes that the authenticator hashed and signed. */
export function signedBytes({ authenticatorData, clientDataJSON }: Assertion): Uint8Array {
  return hexToBytes(concat([authenticatorData, sha256(stringToHex(clientDataJSON))]))
}
