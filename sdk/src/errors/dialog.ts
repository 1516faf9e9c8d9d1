import { BaseError } from './base.ts'

/** Thrown when the browser did not let the app open the dialog's window. */
export class DialogBlockedError extends BaseError {
  override readonly name = 'Dialog.BlockedError'
  readonly code = 'DIALOG_BLOCKED'

  constructor(dialogOrigin: string) {
    super('The sign-in window could not open.', {
      details: `The browser blocked a window of ${dialogOrigin}.`,
      metaMessages: [
        'Ask for the account in the handler of a click, before any await; or allow pop-ups for this site.',
      ],
    })
  }
}

/** Thrown when the dialog's window was gone before it had answered for the first time. */
export class DialogUnreachableError extends BaseError {
  override readonly name = 'Dialog.UnreachableError'
  readonly code = 'DIALOG_UNREACHABLE'

  constructor(dialogOrigin: string) {
    super('The sign-in window did not answer.', {
      details: `A window of ${dialogOrigin} was closed, or cut off from this page, before it was ready.`,
      metaMessages: [
        'Check that the dialog can be reached, and send "Cross-Origin-Opener-Policy: same-origin-allow-popups" or none.',
      ],
    })
  }
}

/** Thrown when the user closed the dialog without an answer. */
export class DialogClosedError extends BaseError {
  override readonly name = 'Dialog.ClosedError'
  readonly code = 'DIALOG_CLOSED'

  constructor() {
    super('The sign-in window was closed.', { metaMessages: ['Nothing was done. Ask again when the user wants to.'] })
  }
}

/** Thrown when app and dialog speak different versions of the protocol. */
export class DialogVersionError extends BaseError {
  override readonly name = 'Dialog.VersionError'
  readonly code = 'DIALOG_VERSION'

  constructor(versions: { seen: number; wanted: number }) {
    super('The sign-in window speaks another version of the protocol.', {
      details: `Seen ${versions.seen}, wanted ${versions.wanted}.`,
      metaMessages: ['Bring the app and the dialog to the same version of the SDK.'],
    })
  }
}

/** Thrown when a request to the dialog was ended through its `AbortSignal`. */
export class DialogAbortedError extends BaseError {
  override readonly name = 'Dialog.AbortedError'
  readonly code = 'DIALOG_ABORTED'

  constructor(cause?: unknown) {
    super('The request to the sign-in window was aborted.', { cause, metaMessages: ['Ask again.'] })
  }
}
