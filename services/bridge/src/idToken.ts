import { SignJWT } from 'jose'
import type { SigningKey } from './signingKey.ts'

/** What a token says. */
export type TokenClaims = {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly nonce: string
  /** Unix time in seconds. */
  readonly issuedAt: number
}

/** Seconds that a token can be used: long enough to bring it to all chains. */
export const tokenLife = 300

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Signs an ID token (OpenID Connect Core §2) with ES256, in the one form that the contracts take: s in the lower half. */
export async function signIdToken(
  { issuer, subject, audience, nonce, issuedAt }: TokenClaims,
  { kid, privateKey }: SigningKey,
): Promise<string> {
  const claims = { iss: issuer, sub: subject, aud: audience, nonce, iat: issuedAt, exp: issuedAt + tokenLife }
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  const dot = token.lastIndexOf('.')
  return `${token.slice(0, dot)}.${withLowS(token.slice(dot + 1))}`
}

/** (r, s) and (r, n − s) are one signature; RFC 7518 does not choose, the contracts do. */
export function withLowS(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  if (s <= order / 2n) return signature
  const low = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')
  return Buffer.concat([bytes.subarray(0, 32), low]).toString('base64url')
}
