import { isRekeyError } from '../errors/base.ts'
import {
  handshake,
  type Invitation,
  parseHandshake,
  parseInvitation,
  parseRequest,
  parseRequestId,
  protocolVersion,
} from './messages.ts'
import { type DialogRequest, parseDialogRequest } from './requests.ts'
import { ProviderRpcError, rpcError, rpcErrorCodes } from './rpcError.ts'
import type { DialogWindow, WindowMessage } from './windows.ts'

const maxRequests = 1_000

/** A request of an app, with the one chance to answer it. */
export type AppRequest = {
  readonly id: string
  /** Where the request comes from, as the browser says; never what a message claims. */
  readonly origin: string
  readonly request: DialogRequest
  /** Answers; a second answer is dropped. */
  answer(result: unknown): void
  /** Refuses, or reports a failure; a second answer is dropped. */
  refuse(error: unknown): void
}

/** What {@link connectToApp} takes. */
export type ConnectToAppParameters = {
  /** Stands in for the page's window. */
  window?: DialogWindow | undefined
  onRequest(request: AppRequest): void
}

/** The app that opened this page, and how to stop listening to it. */
export type AppConnection = {
  readonly app: string
  /** Whether app and dialog speak the same version; if not, no request will come. */
  readonly isSupported: boolean
  close(): void
}

/**
 * Tells the app that opened this page that it is ready, and takes its requests. Origin and window of the app are pinned:
 * the answer goes only to the origin named in the page's address, and only a message from that origin and from the window
 * that opened this one hands over the port.
 *
 * @returns `undefined` when no app opened this page.
 */
export function connectToApp({
  window = globalThis.window,
  onRequest,
}: ConnectToAppParameters): AppConnection | undefined {
  const invitation = parseInvitation(window.location.hash)
  const { opener } = window
  if (!invitation || !opener || opener.closed) return undefined
  let port: MessagePort | undefined

  const onWindowMessage = (event: WindowMessage): void => {
    const received = readPort(event, invitation, opener)
    if (!received) return
    window.removeEventListener('message', onWindowMessage)
    port = received
    serve(port, invitation.app, onRequest)
  }

  window.addEventListener('message', onWindowMessage)
  opener.postMessage(handshake('ready', invitation.session), invitation.app)
  return {
    app: invitation.app,
    isSupported: invitation.version === protocolVersion,
    close: () => {
      window.removeEventListener('message', onWindowMessage)
      port?.close()
    },
  }
}

/** The port in a message, if everything about it is as it must be. */
function readPort(event: WindowMessage, { app, session }: Invitation, opener: unknown): MessagePort | undefined {
  if (event.origin !== app || event.source !== opener) return undefined
  const message = parseHandshake(event.data)
  if (message?.type !== 'connect' || message.session !== session || message.version !== protocolVersion)
    return undefined
  return event.ports.length === 1 ? event.ports[0] : undefined
}

function serve(port: MessagePort, origin: string, onRequest: (request: AppRequest) => void): void {
  const seen = new Set<string>()
  const refuse = (id: string, error: ProviderRpcError): void => {
    const { code, message, data } = error
    port.postMessage({ jsonrpc: '2.0', id, error: { code, message, ...data } })
  }
  port.onmessage = ({ data }) => {
    const id = parseRequestId(data)
    if (id === undefined || seen.has(id) || seen.size >= maxRequests) return
    seen.add(id)
    const message = parseRequest(data)
    if (!message) return refuse(id, rpcError('invalidRequest', 'The request is not well-formed.'))
    const request = parseDialogRequest(message.method, message.params)
    if (request instanceof ProviderRpcError) return refuse(id, request)
    let isAnswered = false
    const once = (send: () => void): void => {
      if (!isAnswered) send()
      isAnswered = true
    }
    onRequest({
      id,
      origin,
      request,
      answer: (result) => once(() => port.postMessage({ jsonrpc: '2.0', id, result })),
      refuse: (error) => once(() => refuse(id, toAnswer(error))),
    })
  }
}

/** What an app is told of a failure: our own words, never those of a stranger's error. */
function toAnswer(error: unknown): ProviderRpcError {
  if (error instanceof ProviderRpcError) return error
  if (!isRekeyError(error)) return rpcError('internal', 'The request failed.')
  const isClosed = error.code === 'DIALOG_CLOSED' || error.code === 'WEBAUTHN_NOT_ALLOWED'
  const code = isClosed ? rpcErrorCodes.userRejected : rpcErrorCodes.internal
  return new ProviderRpcError(code, error.shortMessage, { rekeyCode: error.code })
}
