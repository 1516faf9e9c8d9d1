import { field, isRecord, readText } from './readJson.ts'

/** The version of the protocol; both sides must have the same. */
export const protocolVersion = 1
const protocol = 'rekey-dialog'
const maxIdLength = 128
const maxTextLength = 1_000

/** What the app tells the dialog in the fragment of its address. */
export type Invitation = {
  /** Origin of the app. The dialog answers it and nobody else. */
  readonly app: string
  /** Random; names this window, so that two of them cannot be mixed up. */
  readonly session: string
  readonly version: number
}

/** The two messages between windows: the dialog says that it is ready, the app hands over a port. */
export type Handshake = {
  readonly protocol: typeof protocol
  readonly version: number
  readonly type: 'ready' | 'connect'
  readonly session: string
}

/** A request over the port. */
export type RequestMessage = {
  readonly jsonrpc: '2.0'
  readonly id: string
  readonly method: string
  readonly params: unknown
}

/** The one answer to a request. */
export type ResponseMessage = { readonly jsonrpc: '2.0'; readonly id: string } & (
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly rekeyCode?: string | undefined } }
)

/** Writes an invitation as the fragment of an address. */
export function formatInvitation({ app, session, version }: Invitation): string {
  return `#${new URLSearchParams({ app, session, version: String(version) })}`
}

/** Reads the fragment of the dialog's address. */
export function parseInvitation(hash: string): Invitation | undefined {
  const parameters = new URLSearchParams(hash.slice(1))
  const [app, session, version] = [parameters.get('app'), parameters.get('session'), Number(parameters.get('version'))]
  if (app === null || session === null || !isOrigin(app) || !isSession(session)) return undefined
  return Number.isSafeInteger(version) && version > 0 ? { app, session, version } : undefined
}

/** Makes a message between windows. */
export function handshake(type: Handshake['type'], session: string): Handshake {
  return { protocol, version: protocolVersion, type, session }
}

/** Reads a message between windows. */
export function parseHandshake(data: unknown): Handshake | undefined {
  const [type, session, version] = [field(data, 'type'), field(data, 'session'), field(data, 'version')]
  if (field(data, 'protocol') !== protocol || (type !== 'ready' && type !== 'connect')) return undefined
  if (typeof session !== 'string' || !isSession(session)) return undefined
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) return undefined
  return { protocol, version, type, session }
}

/** Reads the id of something that may be a request, so that it can be refused. */
export function parseRequestId(data: unknown): string | undefined {
  const id = readText(field(data, 'id'), maxIdLength)
  return field(data, 'jsonrpc') === '2.0' && id !== undefined && id !== '' ? id : undefined
}

/** Reads a request. */
export function parseRequest(data: unknown): RequestMessage | undefined {
  const id = parseRequestId(data)
  const method = readText(field(data, 'method'), maxIdLength)
  if (id === undefined || method === undefined) return undefined
  return { jsonrpc: '2.0', id, method, params: field(data, 'params') }
}

/** Reads an answer. */
export function parseResponse(data: unknown): ResponseMessage | undefined {
  const id = parseRequestId(data)
  if (id === undefined || !isRecord(data)) return undefined
  const isSuccess = Object.hasOwn(data, 'result')
  if (isSuccess === Object.hasOwn(data, 'error')) return undefined
  if (isSuccess) return { jsonrpc: '2.0', id, result: data.result }
  const code = field(data.error, 'code')
  const message = readText(field(data.error, 'message'), maxTextLength)
  const rekeyCode = readText(field(data.error, 'rekeyCode'), maxIdLength)
  if (typeof code !== 'number' || !Number.isSafeInteger(code) || message === undefined) return undefined
  return { jsonrpc: '2.0', id, error: { code, message, ...(rekeyCode !== undefined && { rekeyCode }) } }
}

/** Whether a text is exactly the origin of a web page. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.origin === text && (url.protocol === 'https:' || url.protocol === 'http:')
}

function isSession(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
