import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** A built web app on a host of its own: `*.localhost` is loopback in every browser, and a relying party of its own. */
export type SiteParameters = {
  readonly host: `${string}.localhost`
  /** Folder with `index.html`. */
  readonly folder: string
  /** Answers `GET /config.json`: what the page needs to know of the stack. */
  readonly config?: () => unknown
  /** Added to the answer for a path, over the defaults. */
  readonly headers?: (pathname: string) => Readonly<Record<string, string>>
}

export type Site = { readonly url: string; readonly stop: () => Promise<void> }

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' http://127.0.0.1:*; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** Serves a site on a free loopback port. */
export async function startSite(parameters: SiteParameters): Promise<Site> {
  const server = createServer((request, response) => {
    answer(parameters, `${parameters.host}:${port}`, request, response).catch(() => response.writeHead(500).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${parameters.host}:${port}`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  site: SiteParameters,
  authority: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = URL.parse(request.url ?? '/', `http://${authority}`)
  const headers = { ...DEFAULT_HEADERS, ...site.headers?.(target?.pathname ?? '/') }
  // A page of another name that resolves to 127.0.0.1 must not be served as ours.
  if (request.headers.host !== authority) return void response.writeHead(421, headers).end()
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return void response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end()
  if (!target) return void response.writeHead(400, headers).end()
  if (target.pathname === '/config.json' && site.config)
    return void response
      .writeHead(200, { ...headers, 'content-type': TYPES['.json'] })
      .end(JSON.stringify(site.config()))
  const file = await findFile(site.folder, target.pathname)
  if (!file) return void response.writeHead(404, headers).end()
  response.writeHead(200, { ...headers, 'content-type': TYPES[path.extname(file.path)] ?? 'application/octet-stream' })
  response.end(request.method === 'HEAD' ? undefined : file.content)
}

/** The file of a path, or the page itself for a path without extension: routes live in the browser. */
async function findFile(folder: string, pathname: string): Promise<{ path: string; content: Buffer } | undefined> {
  const decoded = tryDecode(pathname)
  if (decoded === undefined || decoded.includes('\0')) return undefined
  const isRoute = path.posix.extname(decoded) === ''
  const wanted = path.join(folder, isRoute ? 'index.html' : path.posix.normalize(decoded))
  if (!wanted.startsWith(folder + path.sep)) return undefined
  try {
    return { path: wanted, content: await readFile(wanted) }
  } catch {
    return undefined
  }
}

function tryDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
