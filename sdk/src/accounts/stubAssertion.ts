import { concat, type Hex } from 'viem'
import type { Assertion } from '../webauthn/assertion.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import { type CredentialRecord, toRpIdHash } from '../webauthn/credential.ts'

/** User present, user verified, backup eligible, backed up. */
const flags = '0x1d'
const counter = '0x00000000'

/** In range and with low s: it fails at the very end of the verification, where a real one succeeds. */
const signature = {
  r: 0x7a1c5e0d3b2f48966c0b9a5f1e2d3c4b5a69788796a5b4c3d2e1f00112233445n,
  s: 0x3c4b5a69788796a5b4c3d2e1f001122334455667788990aabbccddeeff001122n,
}

/** The longest tail that browsers are known to write. */
const rest =
  ',"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"'

/**
 * Returns an assertion that nobody made, for estimating gas: the length of the longest real one of this credential, and
 * the same path through the contracts.
 */
export function stubAssertion({ rpId, origins }: Pick<CredentialRecord, 'rpId' | 'origins'>): Assertion {
  const origin = origins.reduce((longest, other) => (other.length > longest.length ? other : longest), '')
  const challenge = toBase64Url(new Uint8Array(32))
  return {
    authenticatorData: concat([toRpIdHash(rpId), flags, counter]),
    clientDataJSON: `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}","crossOrigin":false${rest}}`,
    signature,
  }
}

/** Siblings of a Merkle proof that nobody made. */
export function stubProof(depth: number): readonly Hex[] {
  return Array.from({ length: depth }, (): Hex => `0x${'ff'.repeat(32)}`)
}
