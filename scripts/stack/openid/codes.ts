import { createHash, randomBytes } from 'node:crypto'

/** What a code of a provider stands for. */
export type Grant = {
  readonly clientId: string
  readonly redirectUri: string
  /** PKCE with S256 (RFC 7636); '' where the provider takes requests without it. */
  readonly challenge: string
  /** The account's number. */
  readonly id: string
}

/** Codes and access tokens of a provider that plays its part in memory. */
export type Codes = {
  readonly issue: (grant: Grant) => string
  /** The grant of a code, once; undefined for what is no code. */
  readonly redeem: (code: string) => Grant | undefined
  readonly issueToken: (id: string) => string
  readonly ownerOf: (token: string) => string | undefined
}

/** @param lifeMs How long a code can be redeemed. */
export function createCodes(lifeMs: number): Codes {
  const grants = new Map<string, { readonly grant: Grant; readonly ends: number }>()
  const tokens = new Map<string, string>()
  return {
    issue: (grant) => {
      const code = randomBytes(20).toString('hex')
      grants.set(code, { grant, ends: performance.now() + lifeMs })
      return code
    },
    redeem: (code) => {
      const found = grants.get(code)
      grants.delete(code)
      return found && found.ends > performance.now() ? found.grant : undefined
    },
    issueToken: (id) => {
      const token = randomBytes(32).toString('base64url')
      tokens.set(token, id)
      return token
    },
    ownerOf: (token) => tokens.get(token),
  }
}

/** Whether a verifier is the one whose challenge came with the request. */
export function provesChallenge(verifier: string | null, challenge: string): boolean {
  if (challenge === '') return true
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge
}
