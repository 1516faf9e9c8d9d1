import { p256 } from '@noble/curves/nist.js'
import { sha256 } from 'viem'
import { InvalidPublicKeyError } from '../errors/encoding.ts'
import type { Assertion } from './assertion.ts'
import type { PublicKey } from './p256.ts'
import { signedBytes } from './verifyAssertion.ts'

/**
 * Finds the public key of a passkey from two of its assertions, for whoever has nothing but the passkey.
 *
 * One assertion fits two to four keys; a second over another challenge leaves the one that made both.
 *
 * @throws {InvalidPublicKeyError} when no key, or more than one, made both assertions.
 * @example
 * const publicKey = recoverPublicKey([first.assertion, second.assertion])
 * @see SPEC §11
 */
export function recoverPublicKey(assertions: readonly [Assertion, Assertion]): PublicKey {
  const [first, second] = assertions
  const others = candidates(second)
  const shared = candidates(first).filter(({ x, y }) => others.some((other) => other.x === x && other.y === y))
  const [key] = shared
  if (!key || shared.length > 1)
    throw new InvalidPublicKeyError(key ? 'the two assertions are over the same bytes' : 'no key made both assertions')
  return key
}

function candidates(assertion: Assertion): PublicKey[] {
  const { r, s } = assertion.signature
  const hash = sha256(signedBytes(assertion), 'bytes')
  const keys: PublicKey[] = []
  // Bit 0 is the parity of the nonce's point, bit 1 says that its x was reduced by the order.
  for (const bit of [0, 1, 2, 3]) {
    const key = recover(() => new p256.Signature(r, s).addRecoveryBit(bit).recoverPublicKey(hash))
    if (key) keys.push(key)
  }
  return keys
}

/** A recovery bit for which no point exists is not an error here: another bit fits. */
function recover(attempt: () => { toAffine(): PublicKey }): PublicKey | undefined {
  try {
    const { x, y } = attempt().toAffine()
    return { x, y }
  } catch {
    return undefined
  }
}
