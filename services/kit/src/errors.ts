import { BaseError } from '@rekey/sdk/errors'

/** What a service answers when it refuses a request: `{code, message, remedy}` with this status. */
export class RequestError extends BaseError {
  override readonly name = 'Service.RequestError'
  readonly code: string
  readonly status: RequestStatus

  /** @param remedy - What the caller can do about it. Neither it nor the message says what was sent. */
  constructor(status: RequestStatus, code: string, message: string, remedy: string, cause?: unknown) {
    super(message, { metaMessages: [remedy], cause })
    this.status = status
    this.code = code
  }
}

/** HTTP statuses of refusals. */
export type RequestStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 502 | 503

/** Thrown at the start of a service whose settings are not as they should be. Names them all, and no value. */
export class SettingsError extends BaseError {
  override readonly name = 'Service.SettingsError'
  readonly code = 'SERVICE_SETTINGS_INVALID'

  /** @param problems - One line for each setting. */
  constructor(problems: readonly string[]) {
    const [count, verb] = problems.length === 1 ? ['one of its settings', 'is'] : [`${problems.length} settings`, 'are']
    super(
      `The service does not start: ${count} ${verb} not as it should be.`.replace('are not as it', 'are not as they'),
      {
        metaMessages: problems,
      },
    )
  }
}

/** What is wrong with a database. */
export type StoreProblem = 'newer' | 'changed' | 'taken'

/** Thrown when a database cannot be worked with. Nothing was changed in it. */
export class StoreError extends BaseError {
  override readonly name = 'Service.StoreError'
  readonly code = 'SERVICE_STORE_UNUSABLE'
  readonly problem: StoreProblem

  constructor(problem: StoreProblem, details: string) {
    const sentences: Record<StoreProblem, readonly [string, string]> = {
      newer: ['The database was made by a newer version of this service.', 'Run that version, or restore a backup.'],
      changed: ['The database was made by other migrations than this version has.', 'Run the version that made it.'],
      taken: ['Another process has this folder open.', 'Stop it, or give each process a folder of its own.'],
    }
    const [message, remedy] = sentences[problem]
    super(message, { details, metaMessages: [remedy] })
    this.problem = problem
  }
}

/** Why a request to another server was not made, or its answer not taken. */
export type OutboundProblem =
  | 'url'
  | 'scheme'
  | 'host'
  | 'address'
  | 'redirect'
  | 'type'
  | 'size'
  | 'time'
  | 'unreachable'

const outboundSentences: Readonly<Record<OutboundProblem, string>> = {
  url: 'This is not an address that can be asked.',
  scheme: 'Only https is asked.',
  host: 'The name of the host is not known.',
  address: 'The host is not on the public internet.',
  redirect: 'The server sends on to another place.',
  type: 'The server answered with something else than was asked for.',
  size: 'The answer is too large.',
  time: 'The server took too long.',
  unreachable: 'The server cannot be reached.',
}

/** Thrown when a server was not asked, or its answer not taken. Carries its origin, never a path or a query. */
export class OutboundError extends BaseError {
  override readonly name = 'Service.OutboundError'
  readonly code = 'SERVICE_OUTBOUND_REFUSED'
  readonly problem: OutboundProblem

  constructor(problem: OutboundProblem, details: string, cause?: unknown) {
    super(outboundSentences[problem], { details, cause })
    this.problem = problem
  }
}
