/**
 * Numbers that EIP-1193, EIP-3326, EIP-5792 and JSON-RPC give to failures.
 *
 * @see https://eips.ethereum.org/EIPS/eip-1193#provider-errors
 * @see https://eips.ethereum.org/EIPS/eip-5792#error-codes
 */
export const rpcErrorCodes = {
  invalidRequest: -32600,
  invalidParams: -32602,
  internal: -32603,
  userRejected: 4001,
  unauthorized: 4100,
  unsupportedMethod: 4200,
  disconnected: 4900,
  unknownChain: 4902,
  unsupportedCapability: 5700,
  unsupportedChain: 5710,
  duplicateId: 5720,
  unknownCallsId: 5730,
} as const

/** Any of {@link rpcErrorCodes}, by name. */
export type RpcErrorName = keyof typeof rpcErrorCodes

/**
 * What a provider rejects with: an error with the numeric `code` that EIP-1193 asks for. `data` carries the stable code of
 * the package's error behind it, where there is one; `cause` that error itself, when it happened on this side.
 */
export class ProviderRpcError extends Error {
  override readonly name = 'ProviderRpcError'
  readonly code: number
  readonly data: { readonly rekeyCode: string } | undefined

  constructor(code: number, message: string, options: { rekeyCode?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.data = options.rekeyCode === undefined ? undefined : { rekeyCode: options.rekeyCode }
  }
}

/** Makes the error with the number of this name. */
export function rpcError(name: RpcErrorName, message: string, cause?: unknown): ProviderRpcError {
  return new ProviderRpcError(rpcErrorCodes[name], message, { cause })
}
