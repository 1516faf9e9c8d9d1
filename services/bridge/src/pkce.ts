import { createHash } from 'node:crypto'

/** The challenge of a code verifier, by S256 (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
