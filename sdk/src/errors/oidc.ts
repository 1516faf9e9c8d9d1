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

/** What of a sign-in does not fit. */
export type SignInMismatch =
  | 'nonce'
  | 'issuer'
  | 'audience'
  | 'person'
  | 'expired'
  | 'early'
  | 'late'
  | 'lifetime'
  | 'key'

/** Thrown when a sign-in is genuine perhaps, but not the one that was asked for. */
export class SignInMismatchError extends BaseError {
  override readonly name = 'Oidc.SignInMismatchError'
  readonly code = 'OIDC_SIGN_IN_MISMATCH'
  readonly mismatch: SignInMismatch

  constructor(mismatch: SignInMismatch) {
    const sentences: Record<SignInMismatch, string> = {
      nonce: 'This sign-in was made for something else.',
      issuer: 'This sign-in is from another provider.',
      audience: 'This sign-in was made for another app.',
      person: 'This is not the account that was chosen as guardian.',
      expired: 'This sign-in has expired.',
      early: 'This sign-in is from the future: a clock is wrong.',
      late: 'This sign-in is older than the request for it: a clock is wrong.',
      lifetime: 'This sign-in is valid for longer than a day, which is not accepted.',
      key: 'The key that signed this sign-in is not the one that was given.',
    }
    const remedies: Record<SignInMismatch, string> = {
      nonce: 'Sign in again from this very page.',
      issuer: 'Sign in at the provider that the guardian names.',
      audience: 'Sign in with one of the client ids that the guardian was made with.',
      person: 'Sign out at the provider, and in with the right account.',
      expired: 'Sign in again; what is done already stays.',
      early: 'Set the clock of this device right, then sign in again.',
      late: 'Set the clock of this device right, then sign in again.',
      lifetime: 'Configure the provider to issue ID tokens for a day at most.',
      key: "Read the provider's keys again.",
    }
    super(sentences[mismatch], { metaMessages: [remedies[mismatch], 'Nothing was sent.'] })
    this.mismatch = mismatch
  }
}

/** Thrown when an ID token would publish more of a person than it has to. */
export class PersonalClaimsError extends BaseError {
  override readonly name = 'Oidc.PersonalClaimsError'
  readonly code = 'OIDC_PERSONAL_CLAIMS'
  readonly claims: readonly string[]

  constructor(claims: readonly string[]) {
    super('This ID token holds personal data, which would be public for ever.', {
      details: claims.join(', '),
      metaMessages: ['Ask the provider for scope openid and nothing else. Nothing was sent.'],
    })
    this.claims = claims
  }
}

/** Thrown when a policy does not say what it takes to sign in as its guardian. */
export class IdentityNoteMissingError extends BaseError {
  override readonly name = 'Oidc.IdentityNoteMissingError'
  readonly code = 'OIDC_NOTE_MISSING'

  constructor() {
    super('No guardian of this policy can be found by this sign-in.', {
      metaMessages: ['Check the account. If the guardian is hidden, pass the identity that it was made with.'],
    })
  }
}

/**
 * What a registry says of an issuer's key: it verifies tokens; will from a time on; is distrusted for a week; is withdrawn
 * for ever; has not been seen at the issuer for long; was never seen, or another key has its name.
 */
export type IssuerKeyState = 'usable' | 'waiting' | 'suspended' | 'revoked' | 'old' | 'unknown'

/** Thrown when the key that signed a token verifies nothing on any chain. */
export class IssuerKeyNotUsableError extends BaseError {
  override readonly name = 'Oidc.IssuerKeyNotUsableError'
  readonly code = 'OIDC_KEY_NOT_USABLE'
  readonly state: IssuerKeyState
  /** When only time is missing: when it has passed. Unix time in seconds. */
  readonly activeFrom: number | undefined

  constructor({ state, activeFrom }: { state: IssuerKeyState; activeFrom?: number | undefined }) {
    const sentences: Record<IssuerKeyState, string> = {
      usable: 'The key that signed this sign-in is known on chain, but nobody shows it.',
      waiting: 'The key that signed this sign-in is new and does not count yet.',
      suspended: 'The key that signed this sign-in is under suspicion and does not count for now.',
      revoked: 'The key that signed this sign-in has been withdrawn.',
      old: 'The key that signed this sign-in has not been seen at the provider for long, and does not count any more.',
      unknown: 'The key that signed this sign-in is not known on chain.',
    }
    const later = activeFrom === undefined ? 'later' : `after ${new Date(activeFrom * 1_000).toISOString()}`
    const remedies: Record<IssuerKeyState, string> = {
      usable: 'Use other nodes for the chains, or try again when the provider answers.',
      waiting: `Sign in again ${later}.`,
      suspended: `Sign in again ${later}, or approve in another way.`,
      revoked: 'Sign in again: the provider has another key by now. Otherwise approve in another way.',
      old: "Have the registry's attesters look at the provider again, then sign in again.",
      unknown: "Wait until the registry's attesters have seen it, or approve in another way.",
    }
    super(sentences[state], { metaMessages: [remedies[state]] })
    this.state = state
    this.activeFrom = activeFrom
  }
}
