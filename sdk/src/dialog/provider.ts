import { type Address, type Hex, isAddressEqual, numberToHex } from 'viem'
import { isRekeyError } from '../errors/base.ts'
import { type CallsStatus, parseCallsStatus, parseConnectAnswer, parseSignature } from './answers.ts'
import { type OpenDialogParameters, type OpenedDialog, openDialog, toProviderError } from './openDialog.ts'
import { field, readAddress, readChainId, readText } from './readJson.ts'
import { parseSendCalls } from './requests.ts'
import { ProviderRpcError, rpcError, rpcErrorCodes } from './rpcError.ts'

/** What {@link createRekeyProvider} takes. */
export type CreateRekeyProviderParameters = OpenDialogParameters & {
  /** Chains of the app, the first one being selected at first. Default: those of the dialog. */
  chains?: readonly number[] | undefined
}

/** Events of an EIP-1193 provider. */
export type ProviderEvents = {
  accountsChanged: (accounts: readonly Address[]) => void
  chainChanged: (chainId: Hex) => void
  connect: (info: { readonly chainId: Hex }) => void
  disconnect: (error: ProviderRpcError) => void
}

/** An EIP-1193 provider whose account lives in the dialog. */
export type RekeyProvider = {
  /**
   * @throws {ProviderRpcError} with a code of EIP-1193 or EIP-5792.
   */
  request(
    request: { method: string; params?: unknown },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<unknown>
  on<event extends keyof ProviderEvents>(event: event, listener: ProviderEvents[event]): void
  removeListener<event extends keyof ProviderEvents>(event: event, listener: ProviderEvents[event]): void
  /** Shows the account's page; ends when the user closes it. */
  openAccountDialog(options?: { signal?: AbortSignal | undefined }): Promise<void>
}

/**
 * Makes a provider that asks the dialog, in a popup, for everything that needs the user.
 *
 * Reading is not its job: it serves no `eth_call` and the like. Use a client of the chain for that.
 *
 * @example
 * const provider = createRekeyProvider({ dialogUrl: 'https://auth.example.com' })
 * const [address] = await provider.request({ method: 'eth_requestAccounts' })
 * @see EIP-1193, EIP-5792
 */
export function createRekeyProvider({
  chains = [],
  ...dialogParameters
}: CreateRekeyProviderParameters): RekeyProvider {
  const listeners = createListeners()
  const sent = new Map<string, CallsStatus>()
  let dialog: OpenedDialog | undefined
  let account: Address | undefined
  let chainIds = chains
  let chainId = chains[0]

  /** Synchronous up to the opening of the window, which browsers allow only in the handler of a click. */
  const ask = (
    request: { method: string; params: unknown },
    options: { signal?: AbortSignal | undefined },
  ): Promise<unknown> => {
    try {
      if (dialog?.isOpen()) dialog.focus()
      else dialog = openDialog(dialogParameters)
      return dialog.request(request, options)
    } catch (error) {
      return Promise.reject(isRekeyError(error) ? toProviderError(error) : error)
    }
  }

  const select = (next: number): void => {
    if (next === chainId) return
    chainId = next
    listeners.emit('chainChanged', numberToHex(next))
  }

  const connect = async (answered: Promise<unknown>): Promise<readonly Address[]> => {
    const answer = parseConnectAnswer(await answered)
    if (!answer) throw rpcError('internal', 'The dialog answered something else than an account.')
    chainIds = chains.length > 0 ? chains.filter((id) => answer.chainIds.includes(id)) : answer.chainIds
    const [first] = chainIds
    if (first === undefined) throw rpcError('unsupportedChain', 'App and dialog have no chain in common.')
    const wasConnected = account !== undefined
    const hasChanged = account === undefined || !isAddressEqual(account, answer.account)
    account = answer.account
    select(chainId !== undefined && chainIds.includes(chainId) ? chainId : first)
    if (!wasConnected) listeners.emit('connect', { chainId: numberToHex(chainId ?? first) })
    if (hasChanged) listeners.emit('accountsChanged', [answer.account])
    return [answer.account]
  }

  const expectAccount = (named: unknown): Address => {
    const address = named === undefined ? account : readAddress(named)
    if (!account || !address || !isAddressEqual(account, address))
      throw rpcError('unauthorized', 'This account is not connected.')
    return account
  }

  const expectChain = (): Hex => {
    if (chainId === undefined) throw rpcError('disconnected', 'No chain is known before an account is connected.')
    return numberToHex(chainId)
  }

  const switchChain = (wanted: number | undefined): null => {
    if (wanted === undefined) throw rpcError('invalidParams', 'The chain id is not a hexadecimal number.')
    if (!chainIds.includes(wanted)) throw rpcError('unknownChain', `Chain ${wanted} is not one of this account's.`)
    select(wanted)
    return null
  }

  const prepareCalls = (params: unknown): unknown => {
    const wish = Array.isArray(params) ? params[0] : undefined
    const request = parseSendCalls(wish)
    if (request instanceof ProviderRpcError) throw request
    const from = expectAccount(request.account)
    if (!chainIds.includes(request.chainId))
      throw rpcError('unsupportedChain', `Chain ${request.chainId} is not one of this account's.`)
    if (request.callsId !== undefined && sent.has(request.callsId))
      throw rpcError('duplicateId', 'Calls with this id were sent before.')
    return [{ ...wish, from }]
  }

  const rememberCalls = async (answered: Promise<unknown>): Promise<{ id: string }> => {
    const status = parseCallsStatus(await answered)
    if (!status) throw rpcError('internal', 'The dialog answered something else than the state of the calls.')
    sent.set(status.id, status)
    return { id: status.id }
  }

  const callsStatus = (id: unknown): CallsStatus => {
    const status = sent.get(readText(id, Number.POSITIVE_INFINITY) ?? '')
    if (!status) throw rpcError('unknownCallsId', 'No calls with this id were sent from this page.')
    return status
  }

  const signature = async (answered: Promise<unknown>): Promise<Hex> => {
    const value = parseSignature(await answered)
    if (!value) throw rpcError('internal', 'The dialog answered something else than a signature.')
    return value
  }

  const disconnect = (): null => {
    account = undefined
    listeners.emit('accountsChanged', [])
    return null
  }

  const answer = (
    { method, params }: { method: string; params?: unknown },
    options: { signal?: AbortSignal | undefined },
  ): unknown => {
    const list: readonly unknown[] = Array.isArray(params) ? params : []
    switch (method) {
      case 'eth_requestAccounts':
        return account ? [account] : connect(ask({ method, params: [] }, options))
      case 'eth_accounts':
        return account ? [account] : []
      case 'eth_chainId':
        return expectChain()
      case 'wallet_switchEthereumChain':
        return switchChain(readChainId(field(list[0], 'chainId')))
      case 'wallet_sendCalls':
        return rememberCalls(ask({ method, params: prepareCalls(params) }, options))
      case 'wallet_getCallsStatus':
        return callsStatus(list[0])
      case 'wallet_getCapabilities':
        expectAccount(list[0])
        return Object.fromEntries(chainIds.map((id) => [numberToHex(id), { atomic: { status: 'supported' } }]))
      case 'wallet_revokePermissions':
        return disconnect()
      case 'personal_sign':
        return signature(ask({ method, params: [list[0], expectAccount(list[1] ?? null), expectChain()] }, options))
      case 'eth_signTypedData_v4':
        return signature(ask({ method, params: [expectAccount(list[0] ?? null), list[1], expectChain()] }, options))
      default:
        throw rpcError('unsupportedMethod', `The provider does not serve ${method}.`)
    }
  }

  return {
    request: async (request, options = {}) => answer(request, options),
    on: listeners.on,
    removeListener: listeners.removeListener,
    openAccountDialog: async (options = {}) => {
      try {
        await ask({ method: 'rekey_openAccount', params: [] }, options)
      } catch (error) {
        // Closing this window is how a visit to it ends.
        if (!(error instanceof ProviderRpcError) || error.code !== rpcErrorCodes.userRejected) throw error
      }
    },
  }
}

function createListeners() {
  const listeners: { [event in keyof ProviderEvents]: Set<ProviderEvents[event]> } = {
    accountsChanged: new Set(),
    chainChanged: new Set(),
    connect: new Set(),
    disconnect: new Set(),
  }
  return {
    on: <event extends keyof ProviderEvents>(event: event, listener: ProviderEvents[event]): void => {
      listeners[event].add(listener)
    },
    removeListener: <event extends keyof ProviderEvents>(event: event, listener: ProviderEvents[event]): void => {
      listeners[event].delete(listener)
    },
    emit: <event extends keyof ProviderEvents>(event: event, value: Parameters<ProviderEvents[event]>[0]): void => {
      for (const listener of listeners[event]) (listener as (value: unknown) => void)(value)
    },
  }
}
