import { BaseError } from './base.ts'

/** What of a provider is wrong. */
export type SignInProviderProblem = 'issuer' | 'clientId' | 'tenant' | 'endpoint' | 'parameter' | 'discovery'

/** Thrown when a provider is described in a way in which no sign-in would be safe, or none would count. */
export class SignInProviderError extends BaseError {
  override readonly name = 'Oidc.SignInProviderError'
  readonly code = 'OIDC_PROVIDER_INVALID'
  readonly problem: SignInProviderProblem

  constructor(problem: SignInProviderProblem, details: string) {
    const sentences: Record<SignInProviderProblem, string> = {
      issuer: 'The issuer of this sign-in provider is no address that can be trusted.',
      clientId: 'The client ids of this sign-in provider are wrong.',
      tenant: 'This tenant of Microsoft is no single issuer.',
      endpoint: 'An endpoint of this sign-in provider is no address that can be trusted.',
      parameter: 'This sign-in provider has a parameter that requests must not have.',
      discovery: 'What the issuer says about itself cannot be used.',
    }
    super(sentences[problem], { details, metaMessages: ['Correct how the provider is configured.'] })
    this.problem = problem
  }
}

/** Thrown when an issuer does not answer, or with something that cannot be an answer. */
export class IssuerUnreachableError extends BaseError {
  override readonly name = 'Oidc.IssuerUnreachableError'
  readonly code = 'OIDC_ISSUER_UNREACHABLE'

  constructor(origin: string, details: string, cause?: unknown) {
    super('The sign-in provider did not answer as it should.', {
      cause,
      details: `${origin}: ${details}`,
      metaMessages: ['Check the connection and try again; or approve in another way.'],
    })
  }
}

/** Why an answer is not what was asked for. */
export type UnexpectedSignIn = 'noRequest' | 'state' | 'used' | 'issuer' | 'age' | 'form'

/** Thrown for an answer that nobody here asked for: one that somebody else may have put into this page. */
export class UnexpectedSignInError extends BaseError {
  override readonly name = 'Oidc.UnexpectedSignInError'
  readonly code = 'OIDC_SIGN_IN_UNEXPECTED'
  readonly problem: UnexpectedSignIn

  constructor(problem: UnexpectedSignIn) {
    const sentences: Record<UnexpectedSignIn, string> = {
      noRequest: 'No sign-in was asked for here.',
      state: 'This sign-in was not asked for here.',
      used: 'This sign-in has been answered already.',
      issuer: 'Another provider answered than the one that was asked.',
      age: 'This sign-in took longer than ten minutes.',
      form: 'The answer of the provider is not in a form that is accepted.',
    }
    super(sentences[problem], { metaMessages: ['Start the sign-in again from the page where you need it.'] })
    this.problem = problem
  }
}

/** Thrown when the provider refused a sign-in. */
export class SignInRefusedError extends BaseError {
  override readonly name = 'Oidc.SignInRefusedError'
  readonly code = 'OIDC_SIGN_IN_REFUSED'
  /** The provider's own code (RFC 6749 §4.1.2.1), such as `invalid_request`. */
  readonly providerCode: string

  constructor(providerCode: string) {
    super('The provider refused the sign-in.', {
      details: providerCode,
      metaMessages: ['Try again later. If it stays so, the client id or the redirect address is not registered there.'],
    })
    this.providerCode = providerCode
  }
}

/** Thrown when the user went back at the provider instead of signing in. */
export class SignInCancelledError extends BaseError {
  override readonly name = 'Oidc.SignInCancelledError'
  readonly code = 'OIDC_SIGN_IN_CANCELLED'
  /** The provider's own code, such as `access_denied`. */
  readonly providerCode: string

  constructor(providerCode: string) {
    super('The sign-in was cancelled at the provider.', { metaMessages: ['Nothing was done. Sign in again to go on.'] })
    this.providerCode = providerCode
  }
}

/** Thrown when the browser did not open the window to sign in. */
export class SignInBlockedError extends BaseError {
  override readonly name = 'Oidc.SignInBlockedError'
  readonly code = 'OIDC_POPUP_BLOCKED'

  constructor() {
    super('The window of the provider could not open.', {
      metaMessages: ['Sign in from the handler of a click, before any await; allow pop-ups; or sign in by redirect.'],
    })
  }
}

/** Thrown when the user closed the window to sign in. */
export class SignInClosedError extends BaseError {
  override readonly name = 'Oidc.SignInClosedError'
  readonly code = 'OIDC_POPUP_CLOSED'

  constructor() {
    super('The window of the provider was closed.', { metaMessages: ['Nothing was done. Sign in again to go on.'] })
  }
}

/** Thrown when a sign-in was ended through its `AbortSignal`. */
export class SignInAbortedError extends BaseError {
  override readonly name = 'Oidc.SignInAbortedError'
  readonly code = 'OIDC_SIGN_IN_ABORTED'

  constructor(cause?: unknown) {
    super('The sign-in was aborted.', { cause, metaMessages: ['Sign in again to go on.'] })
  }
}
