import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Address } from 'viem'

/** What a server of names needs to know. */
export type NamesParameters = {
  /** Who has which name; looked into at every request. Nothing vouches for it, and nobody has to believe it. */
  readonly names: ReadonlyMap<string, Address>
  /** Origins of the pages that may use it. */
  readonly origins: () => readonly string[]
}

export type RunningNames = { readonly url: string; readonly stop: () => Promise<void> }

/** Serves `GET ?name=…` on a free loopback port, and answers `{address}`, or 404 where nobody has the name. */
export async function startNames(parameters: NamesParameters): Promise<RunningNames> {
  const server = createServer((request, response) => answer(parameters, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function answer({ names, origins }: NamesParameters, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  const isKnown = origin !== undefined && origins().includes(origin)
  const [status, body] = lookUp(names, request)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'Origin',
    ...(isKnown && { 'access-control-allow-origin': origin }),
  }
  response.writeHead(status, headers).end(JSON.stringify(body))
}

function lookUp(names: NamesParameters['names'], { method, url }: IncomingMessage): [status: number, body: unknown] {
  if (method !== 'GET') return [405, { error: { code: 'METHOD', message: 'Names are asked for by GET.' } }]
  const name = URL.parse(url ?? '/', 'http://names')?.searchParams.get('name')
  if (!name) return [400, { error: { code: 'REQUEST', message: 'The parameter name is missing.' } }]
  const address = names.get(name)
  return address ? [200, { address }] : [404, { error: { code: 'UNKNOWN', message: 'Nobody has this name.' } }]
}
