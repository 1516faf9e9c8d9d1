/** Every way a deployment can be refused. Names are stable: scripts and people match on them. */
export type DeployErrorCode =
  | 'AddressTaken'
  | 'ArgumentsInvalid'
  | 'ArtifactInvalid'
  | 'BuildChanged'
  | 'ChainUnreachable'
  | 'ConstructorReverted'
  | 'DeployerMissing'
  | 'DeployerWrong'
  | 'EntryPointMissing'
  | 'EntryPointWrong'
  | 'EvmTooOld'
  | 'InsufficientFunds'
  | 'KeyMissing'
  | 'ManifestInvalid'
  | 'NotBuilt'
  | 'P256Unsound'
  | 'PrecompileAppeared'
  | 'TransactionFailed'
  | 'WrongChain'

/** What is wrong and what to do about it, as plain data for reports. */
export type Problem = { readonly code: DeployErrorCode; readonly message: string; readonly remedy: string }

export class DeployError extends Error {
  override readonly name = 'DeployError'
  readonly code: DeployErrorCode
  readonly remedy: string

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.message} ${problem.remedy}`, options)
    this.code = problem.code
    this.remedy = problem.remedy
  }
}

/**
 * One line about an error from a node. A node's URL often carries a key, and viem's messages quote the URL,
 * so the URL is cut down to its host.
 */
export function describeError(error: unknown, rpcUrl: string): string {
  const brief =
    error instanceof Error ? ('shortMessage' in error ? String(error.shortMessage) : error.message) : String(error)
  const details =
    error instanceof Error && 'details' in error && typeof error.details === 'string' ? ` (${error.details})` : ''
  return `${brief}${details}`.replaceAll(rpcUrl, hostOf(rpcUrl)).replaceAll(/\s+/g, ' ').trim()
}

/** Host and port of a URL: what may be printed of it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '(not a URL)'
}
