import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Relay } from '@rekey/sdk'
import type { Nodes } from '../chains/nodes.ts'
import { FileError } from '../errors.ts'
import { findBuiltPage, readPageFile } from './builtPage.ts'
import { headersOf } from './headers.ts'
import { createPageKey, type PageKey } from './pageKey.ts'
import { type Answer, deliver, forward, Refusal, readPost } from './requests.ts'

export type PageParameters = {
  readonly nodes: Nodes
  /** Bundlers by chain, for transactions of the account itself; the page works without. */
  readonly bundlers: ReadonlyMap<number, string>
  /** Sends what the page delivers. */
  readonly relay: Relay
  /** Zero is any free one. */
  readonly port: number
  /** The built page. Default: that of the workspace. */
  readonly folder?: string
}

/** A page that is served. */
export type ServedPage = {
  readonly origin: string
  /** The address to open: with the key, without which nothing is served. */
  readonly link: (path: string) => string
  readonly stop: () => Promise<void>
}

/**
 * Serves the dialog's pages on loopback. They talk to this command and to nobody else: it asks the nodes, and sends.
 *
 * @throws {FileError} when the page is not built, or the port is taken.
 */
export async function servePage(parameters: PageParameters): Promise<ServedPage> {
  const folder = parameters.folder ?? findBuiltPage()
  let page: Page | undefined
  const servers = await listen(parameters.port, (request, response) => {
    if (page) answer(page, request, response).catch(() => response.destroy())
    else response.destroy()
  })
  const port = portOf(servers)
  const [authority, key] = [`localhost:${port}`, createPageKey(port)]
  const origin = `http://${authority}`
  page = { ...parameters, folder, authority, origin, key }
  return {
    origin,
    link: (path) => {
      const url = new URL(path, origin)
      url.searchParams.set('key', key.text)
      return url.href
    },
    stop: () => close(servers),
  }
}

type Page = PageParameters & {
  readonly folder: string
  readonly authority: string
  readonly origin: string
  readonly key: PageKey
}

/**
 * Listens on both addresses that a browser takes `localhost` for: on one that we left free somebody else could serve a page
 * of his as ours.
 */
async function listen(
  port: number,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer(listener)
    server.listen(servers.length === 0 ? port : portOf(servers), host)
    try {
      await once(server, 'listening')
      servers.push(server)
    } catch (error) {
      const code = String(error instanceof Error && Reflect.get(error, 'code'))
      // A machine without IPv6 has one address less.
      if (host === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(code)) continue
      await close(servers)
      const problem = code === 'EADDRINUSE' ? 'something else uses it' : `it cannot be used (${code})`
      throw new FileError(`Port ${port}`, problem, 'Choose another with --port.')
    }
  }
  return servers
}

function portOf(servers: readonly Server[]): number {
  const [address] = servers.map((server) => server.address())
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    }),
  )
}

async function answer(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authority, origin, key } = page
  const url = URL.parse(request.url ?? '/', origin)
  const headers = headersOf(url?.pathname ?? '/')
  const send = (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}) =>
    void response.writeHead(status, { ...headers, ...more, 'content-type': type }).end(body)
  // A page of another name that resolves to this machine must not be served as ours.
  if (request.headers.host !== authority || !url) return send(421, text, 'This is not the page you look for.\n')
  if (key.isIn(url)) return send(303, text, '', { location: origin + url.pathname, 'set-cookie': key.cookie })
  if (!key.isHeldBy(request)) return send(403, text, 'Open the address that the command printed, all of it.\n')
  try {
    const found = await find(page, url.pathname, request)
    if ('content' in found) send(200, found.type, found.content)
    else send(found.status, json, JSON.stringify(found.body))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    send(error.answer.status, json, JSON.stringify(error.answer.body))
  }
}

const [text, json] = ['text/plain; charset=utf-8', 'application/json; charset=utf-8'] as const

async function find(
  page: Page,
  pathname: string,
  request: IncomingMessage,
): Promise<Answer | { readonly type: string; readonly content: Buffer }> {
  const { nodes, bundlers, relay, origin, folder } = page
  const [, service, chainId] = /^\/(relay|rpc|bundler)(?:\/(\d{1,15}))?$/.exec(pathname) ?? []
  if (service !== undefined) {
    const body = await readPost(request, origin)
    if (service === 'relay') return deliver({ relay, contracts: nodes.contracts }, body)
    return forward((service === 'rpc' ? nodes.urls : bundlers).get(Number(chainId)), body)
  }
  if (request.method !== 'GET') throw new Refusal(405, 'METHOD', 'This takes GET only.')
  if (pathname === '/config.json') return { status: 200, body: siteConfig(page) }
  const file = await readPageFile(folder, pathname)
  if (!file) throw new Refusal(404, 'PATH', 'There is no such file.')
  return file
}

/** What the page needs to know, in the form in which every host of it says so. */
function siteConfig({ nodes: { urls, contracts }, bundlers, origin }: Page) {
  return {
    chains: [...urls.keys()].map((chainId) => ({
      chainId,
      rpcUrl: `${origin}/rpc/${chainId}`,
      bundlerUrl: bundlers.has(chainId) ? `${origin}/bundler/${chainId}` : null,
    })),
    contracts: {
      RekeyAccountFactory: contracts.factory,
      RekeyAccount: contracts.implementation,
      PasskeyValidator: contracts.passkeyValidator,
      SignerValidator: contracts.signerValidator,
      GuardianRecovery: contracts.guardianRecovery,
      WebAuthnVerifier: contracts.webAuthnVerifier,
      RecoveryCodeVerifier: contracts.recoveryCodeVerifier,
      PolicyStore: contracts.policyStore,
    },
    urls: { relay: `${origin}/relay` },
  }
}
