import { BaseError } from './base.ts'

/** What is wrong with a text that should be an ID token. */
export type IdTokenProblem = 'form' | 'algorithm' | 'kid' | 'claim'

/** Thrown when a text is no ID token that the contracts could verify. */
export class InvalidIdTokenError extends BaseError {
  override readonly name = 'Oidc.InvalidIdTokenError'
  readonly code = 'OIDC_TOKEN_INVALID'
  readonly problem: IdTokenProblem

  /** @param details - Which part or claim; never its content. */
  constructor(problem: IdTokenProblem, details: string) {
    const sentences: Record<IdTokenProblem, string> = {
      form: 'This is not an ID token.',
      algorithm: 'The ID token is signed in a way that cannot be verified on chain.',
      kid: 'The ID token does not say which key signed it.',
      claim: 'The ID token lacks something, or has it in a form that is not accepted.',
    }
    super(sentences[problem], {
      details,
      metaMessages: ['Ask the issuer for an ID token signed with RS256 or ES256, with scope openid and a nonce.'],
    })
    this.problem = problem
  }
}

/** Thrown when a key of an issuer is of a kind that the contracts do not verify. */
export class UnsupportedIssuerKeyError extends BaseError {
  override readonly name = 'Oidc.UnsupportedIssuerKeyError'
  readonly code = 'OIDC_KEY_UNSUPPORTED'

  constructor(details: string) {
    super('This key of the issuer cannot be used.', {
      details,
      metaMessages: ['RSA keys have 2048, 3072 or 4096 bits and exponent 65537; elliptic curve keys are on P-256.'],
    })
  }
}
