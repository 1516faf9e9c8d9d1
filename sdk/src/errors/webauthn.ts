import { BaseError } from './base.ts'

/** Thrown when the prompt was closed, ran out of time, or no passkey matched: browsers do not tell these apart. */
export class WebAuthnNotAllowedError extends BaseError {
  override readonly name = 'WebAuthn.NotAllowedError'
  readonly code = 'WEBAUTHN_NOT_ALLOWED'

  constructor(cause?: unknown) {
    super('The passkey prompt was closed, timed out, or found no matching passkey.', {
      cause,
      metaMessages: ['Try again. If no passkey is offered, use another device or start a recovery.'],
    })
  }
}

/** Thrown when the authenticator already holds one of the excluded passkeys. */
export class WebAuthnAlreadyRegisteredError extends BaseError {
  override readonly name = 'WebAuthn.AlreadyRegisteredError'
  readonly code = 'WEBAUTHN_ALREADY_REGISTERED'

  constructor(cause?: unknown) {
    super('This device already has a passkey for this account.', {
      cause,
      metaMessages: ['Use the passkey that is there, or choose another device.'],
    })
  }
}

/** Thrown when the page's origin may not use the relying party it named. */
export class WebAuthnRelyingPartyError extends BaseError {
  override readonly name = 'WebAuthn.RelyingPartyError'
  readonly code = 'WEBAUTHN_RELYING_PARTY'

  constructor(rpId: string, cause?: unknown) {
    super(`This page may not use passkeys of "${rpId}".`, {
      cause,
      metaMessages: ['Open the page on that domain over HTTPS (or localhost), or correct rpId.'],
    })
  }
}

/** Thrown when browser or authenticator cannot do what is required: P-256, user verification, discoverable passkeys. */
export class WebAuthnNotSupportedError extends BaseError {
  override readonly name = 'WebAuthn.NotSupportedError'
  readonly code = 'WEBAUTHN_NOT_SUPPORTED'

  constructor(cause?: unknown) {
    super('This browser or authenticator cannot create or use the required kind of passkey.', {
      cause,
      metaMessages: ['Use a current browser and a device with a screen lock, or a security key with a PIN.'],
    })
  }
}

/** Thrown on a page that was not loaded securely: browsers keep passkeys from it. */
export class WebAuthnInsecureContextError extends BaseError {
  override readonly name = 'WebAuthn.InsecureContextError'
  readonly code = 'WEBAUTHN_INSECURE_CONTEXT'

  constructor() {
    super('This page cannot use passkeys: it was not loaded over HTTPS.', {
      metaMessages: ['Open it over HTTPS, or on localhost while developing.'],
    })
  }
}

/** Thrown when the ceremony was ended through its `AbortSignal`. */
export class WebAuthnAbortedError extends BaseError {
  override readonly name = 'WebAuthn.AbortedError'
  readonly code = 'WEBAUTHN_ABORTED'

  constructor(cause?: unknown) {
    super('The passkey ceremony was aborted.', { cause, metaMessages: ['Start it again when the user asks for it.'] })
  }
}

/** Thrown for a failure of the ceremony that has no more precise class. */
export class WebAuthnFailedError extends BaseError {
  override readonly name = 'WebAuthn.FailedError'
  readonly code = 'WEBAUTHN_FAILED'

  constructor(cause?: unknown) {
    super('The passkey ceremony failed.', { cause, metaMessages: ['Try again, or use another device or browser.'] })
  }
}

/** What {@link WebAuthnResponseError} found wrong. */
export type WebAuthnResponseProblem =
  | 'type'
  | 'challenge'
  | 'origin'
  | 'crossOrigin'
  | 'rpId'
  | 'userPresence'
  | 'userVerification'
  | 'backupFlags'
  | 'credentialId'
  | 'publicKey'
  | 'attestedCredential'

/** Thrown when browser or authenticator answered something other than what was asked; contracts would refuse it too. */
export class WebAuthnResponseError extends BaseError {
  override readonly name = 'WebAuthn.ResponseError'
  readonly code = 'WEBAUTHN_RESPONSE'
  readonly problem: WebAuthnResponseProblem

  constructor(problem: WebAuthnResponseProblem, details: string) {
    super('The passkey answered something other than what was asked.', {
      details: `${problem}: ${details}`,
      metaMessages: ['Nothing was signed that an account accepts. Try another browser, device or passkey provider.'],
    })
    this.problem = problem
  }
}

/**
 * Turns whatever `navigator.credentials` rejected with into the error class that names its cause.
 *
 * @param cause - The rejection, usually a `DOMException`.
 * @param parameters - The relying party asked for, and the signal of the ceremony.
 * @see WebAuthn Level 3, §5.1.3 and §5.1.4 (the order of the exceptions)
 */
export function toWebAuthnError(
  cause: unknown,
  parameters: { rpId: string; signal?: AbortSignal | undefined },
): BaseError {
  if (parameters.signal?.aborted) return new WebAuthnAbortedError(cause)
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : ''
  switch (name) {
    case 'NotAllowedError':
      return new WebAuthnNotAllowedError(cause)
    case 'InvalidStateError':
      return new WebAuthnAlreadyRegisteredError(cause)
    case 'SecurityError':
      return new WebAuthnRelyingPartyError(parameters.rpId, cause)
    case 'NotSupportedError':
    case 'ConstraintError':
      return new WebAuthnNotSupportedError(cause)
    case 'AbortError':
      return new WebAuthnAbortedError(cause)
    default:
      return new WebAuthnFailedError(cause)
  }
}
