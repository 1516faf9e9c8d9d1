import { hideUrls } from './hideUrls.ts'

const brand = Symbol.for('rekey.error')

/** What a {@link BaseError} is made of besides its short message. */
export type BaseErrorParameters = {
  /** The error that led to this one; reachable through `cause` and `walk`. */
  cause?: unknown
  /** What was seen and what was wanted, in one line. Never a secret. */
  details?: string | undefined
  /** Further lines: what to do about it. */
  metaMessages?: readonly string[] | undefined
}

/**
 * The class every error of this package extends: a stable `name`, a stable `code`, one sentence, and a remedy.
 *
 * Messages carry lengths, names and public values only; keys, codes, tokens and passphrases never get in, and the
 * message of a `cause` is not copied, since others wrote it. Of addresses in a `cause` only the origin is left.
 *
 * @example
 * try {
 *   await getAssertion({ rpId, challenge })
 * } catch (error) {
 *   if (isRekeyError(error, 'WEBAUTHN_NOT_ALLOWED')) showRetry(error.shortMessage)
 *   else throw error
 * }
 */
export abstract class BaseError extends Error {
  /** Stable UPPER_SNAKE identifier for `switch`. */
  abstract readonly code: string
  readonly shortMessage: string
  readonly details: string | undefined
  readonly metaMessages: readonly string[]

  constructor(shortMessage: string, parameters: BaseErrorParameters = {}) {
    const metaMessages = parameters.metaMessages ?? []
    const lines = [shortMessage, ...metaMessages]
    if (parameters.details !== undefined) lines.push(`Details: ${parameters.details}`)
    super(lines.join('\n'), parameters.cause === undefined ? undefined : { cause: parameters.cause })
    hideUrls(parameters.cause)
    this.shortMessage = shortMessage
    this.details = parameters.details
    this.metaMessages = metaMessages
    Object.defineProperty(this, brand, { value: true })
  }

  /**
   * Returns the first error of the chain of causes, this one included, that satisfies `matches`, or `undefined`.
   *
   * Without `matches` it returns the last error of the chain. A chain that loops ends where it would repeat.
   */
  walk(matches?: (error: unknown) => boolean): unknown {
    const seen = new Set<unknown>()
    let current: unknown = this
    for (;;) {
      if (matches?.(current)) return current
      seen.add(current)
      const cause: unknown = current instanceof Error ? current.cause : undefined
      if (cause === undefined || cause === null || seen.has(cause)) return matches ? undefined : current
      current = cause
    }
  }
}

/**
 * Tells whether a value is an error of this package, and, if `code` is given, that very error.
 *
 * It looks at a brand and at the code, not at the class, so it also holds when two copies of the package are loaded.
 *
 * @param error - Any value that was thrown.
 * @param code - The `code` to ask for.
 * @example
 * if (isRekeyError(error, 'POLICY_INVALID')) console.log(error.shortMessage)
 */
export function isRekeyError(error: unknown): error is BaseError
export function isRekeyError<const code extends string>(
  error: unknown,
  code: code,
): error is BaseError & { readonly code: code }
export function isRekeyError(error: unknown, code?: string): boolean {
  if (!(error instanceof Error) || Reflect.get(error, brand) !== true) return false
  return code === undefined || Reflect.get(error, 'code') === code
}
