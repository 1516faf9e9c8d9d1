import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startTcpProxy } from '../tcpProxy.ts'
import type { Codes } from './codes.ts'
import { accountOf, readForm, sendLoginPage, sendProblem } from './loginPage.ts'
import type { People } from './people.ts'

/** The app that is registered at a stand-in. */
export type StandInClient = { readonly id: string; readonly secret: string; readonly redirectUri: string }

/** What a provider plays with. */
export type StandInParts = {
  readonly client: () => StandInClient
  readonly people: People
  readonly codes: Codes
}

/** A provider that plays X or GitHub on loopback. */
export type StandIn = Pick<People, 'rename' | 'recreate' | 'idOf'> & {
  /** Origin of the pages that people see. */
  readonly origin: string
  /** Where its interfaces for programs are: the same port, by an address that every resolver knows. */
  readonly api: string
  /** Its address refuses connections until `start`. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

/** Answers one request; false when there is nothing at its path. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>

/** Serves a provider on a free port, behind a proxy that can be closed. */
export async function startStandIn(
  host: `${string}.localhost`,
  people: People,
  route: Route,
  closers: (() => Promise<void>)[],
): Promise<StandIn> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${host}`)
    route(request, response, url).then(
      (isThere) => void (isThere || response.writeHead(404).end()),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await startTcpProxy((server.address() as AddressInfo).port)
  closers.push(async () => {
    await proxy.close()
    server.close()
    server.closeAllConnections()
  })
  return {
    origin: `http://${host}:${proxy.port}`,
    api: `http://127.0.0.1:${proxy.port}`,
    stop: proxy.close,
    start: proxy.open,
    rename: people.rename,
    recreate: people.recreate,
    idOf: people.idOf,
  }
}

/** Has somebody sign in on a page, and sends him back with a code. */
export async function signInOnPage(
  request: IncomingMessage,
  response: ServerResponse,
  { url, provider, people, codes }: { url: URL; provider: string; people: People; codes: Codes },
): Promise<void> {
  const back = new URL(url.searchParams.get('redirect_uri') ?? '')
  const state = url.searchParams.get('state')
  if (state !== null) back.searchParams.set('state', state)
  if (request.method !== 'POST') {
    const page = { provider, accountName: 'handle', accounts: ['ada', 'grace'], canRefuse: true }
    return sendLoginPage(response, { ...page, action: `${url.pathname}${url.search}` })
  }
  const form = await readForm(request)
  if (form.has('refuse')) {
    back.searchParams.set('error', 'access_denied')
    return void response.writeHead(302, { location: back.href }).end()
  }
  const handle = accountOf(form)
  if (handle === undefined) return sendProblem(response, 400, 'That is not the name of an account.')
  const code = codes.issue({
    clientId: url.searchParams.get('client_id') ?? '',
    redirectUri: url.searchParams.get('redirect_uri') ?? '',
    challenge: url.searchParams.get('code_challenge') ?? '',
    id: people.idOf(handle),
  })
  back.searchParams.set('code', code)
  response.writeHead(302, { location: back.href }).end()
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

/** The token of an Authorization header. */
export function bearerOf({ headers }: IncomingMessage): string {
  return /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}
