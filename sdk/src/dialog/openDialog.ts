import { bytesToHex } from 'viem'
import type { BaseError } from '../errors/base.ts'
import {
  DialogAbortedError,
  DialogBlockedError,
  DialogClosedError,
  DialogUnreachableError,
  DialogVersionError,
} from '../errors/dialog.ts'
import {
  formatInvitation,
  handshake,
  parseHandshake,
  parseResponse,
  protocolVersion,
  type RequestMessage,
} from './messages.ts'
import { ProviderRpcError, rpcErrorCodes } from './rpcError.ts'
import type { AppWindow, WindowMessage } from './windows.ts'

/** What {@link openDialog} takes. */
export type OpenDialogParameters = {
  /** Address of the dialog. Only its origin is ever spoken to. */
  dialogUrl: string
  /** Stands in for the page's window. */
  window?: AppWindow | undefined
  /** Milliseconds between two looks at whether the window is still open: no event says so. */
  pollMs?: number | undefined
}

/** An open dialog. */
export type OpenedDialog = {
  readonly isOpen: () => boolean
  /** Asks the dialog; several requests may be under way. */
  request(
    request: { method: string; params: unknown },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<unknown>
  focus(): void
}

type Pending = { resolve(result: unknown): void; reject(error: unknown): void }

/**
 * Opens the dialog as a popup. Call it in the handler of a click and before any `await`, or browsers will block it. The
 * window closes when the last request is answered.
 *
 * @throws {DialogBlockedError} when the browser did not open it.
 */
export function openDialog({
  dialogUrl,
  window = globalThis.window,
  pollMs = 200,
}: OpenDialogParameters): OpenedDialog {
  const url = new URL(dialogUrl)
  const session = bytesToHex(crypto.getRandomValues(new Uint8Array(16))).slice(2)
  url.hash = formatInvitation({ app: window.location.origin, session, version: protocolVersion })
  const popup = window.open(url.href, `rekey-${session}`, 'popup,width=440,height=760')
  if (!popup || popup.closed) throw new DialogBlockedError(url.origin)

  const pending = new Map<string, Pending>()
  const waiting: RequestMessage[] = []
  let port: MessagePort | undefined
  let isOpen = true
  let count = 0

  const end = (error: BaseError): void => {
    if (!isOpen) return
    isOpen = false
    clearInterval(timer)
    window.removeEventListener('message', onWindowMessage)
    port?.close()
    for (const { reject } of pending.values()) reject(toProviderError(error))
    pending.clear()
    popup.close()
  }

  const onWindowMessage = ({ origin, source, data }: WindowMessage): void => {
    if (origin !== url.origin || source !== popup) return
    const message = parseHandshake(data)
    if (message?.type !== 'ready' || message.session !== session) return
    const { version } = message
    if (version !== protocolVersion) end(new DialogVersionError({ seen: version, wanted: protocolVersion }))
    // A page that was reloaded has lost what it was showing: the user starts anew, and nothing is asked twice.
    else if (port) end(new DialogClosedError())
    else handOverPort()
  }

  const handOverPort = (): void => {
    const channel = new MessageChannel()
    port = channel.port1
    port.onmessage = ({ data: answer }) => onAnswer(answer)
    popup.postMessage(handshake('connect', session), url.origin, [channel.port2])
    for (const request of waiting.splice(0)) port.postMessage(request)
  }

  const settle = (id: string): Pending | undefined => {
    const entry = pending.get(id)
    pending.delete(id)
    return entry
  }

  const onAnswer = (data: unknown): void => {
    const answer = parseResponse(data)
    const entry = answer && settle(answer.id)
    if (!entry) return
    if ('result' in answer) entry.resolve(answer.result)
    else entry.reject(new ProviderRpcError(answer.error.code, answer.error.message, answer.error))
    if (pending.size === 0) end(new DialogClosedError())
  }

  window.addEventListener('message', onWindowMessage)
  const timer = setInterval(() => {
    if (popup.closed) end(port ? new DialogClosedError() : new DialogUnreachableError(url.origin))
  }, pollMs)

  return {
    isOpen: () => isOpen,
    focus: () => popup.focus(),
    request: ({ method, params }, { signal } = {}) =>
      new Promise((resolve, reject) => {
        if (!isOpen) return reject(toProviderError(new DialogClosedError()))
        const id = `${session}-${count++}`
        const onAbort = (): void => {
          settle(id)?.reject(toProviderError(new DialogAbortedError(signal?.reason)))
          if (pending.size === 0) end(new DialogClosedError())
        }
        const leave = (): void => signal?.removeEventListener('abort', onAbort)
        pending.set(id, {
          resolve: (result) => {
            leave()
            resolve(result)
          },
          reject: (error) => {
            leave()
            reject(error)
          },
        })
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted) return onAbort()
        const message: RequestMessage = { jsonrpc: '2.0', id, method, params }
        if (port) port.postMessage(message)
        else waiting.push(message)
      }),
  }
}

/** The error that a provider rejects with for one of ours. */
export function toProviderError(error: BaseError): ProviderRpcError {
  const isUsersChoice = error.code === 'DIALOG_CLOSED' || error.code === 'DIALOG_ABORTED'
  const code = isUsersChoice ? rpcErrorCodes.userRejected : rpcErrorCodes.disconnected
  return new ProviderRpcError(code, error.shortMessage, { rekeyCode: error.code, cause: error })
}
