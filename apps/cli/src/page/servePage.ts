import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Relay } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { getAddress, isAddress, isHex } from 'viem'
import type { Nodes } from '../chains/nodes.ts'
import { FileError } from '../errors.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

const maxBodyBytes = 262_144

/** The built pages: beside this command when it is packed, else those of the workspace. */
const folders = ['../page', '../../../dialog/dist', '../../dialog/dist'].map((folder) =>
  path.resolve(import.meta.dirname, folder),
)

type PageParameters = {
  readonly nodes: Nodes
  /** Sends what the page delivers; absent when nobody pays. */
  readonly relay: Relay | undefined
  readonly port: number
}

/** Serves the recovery page on loopback. It talks to the nodes that were named, and to this command. */
export async function servePage(parameters: PageParameters): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = folders.find((candidate) => existsSync(path.join(candidate, 'index.html')))
  if (folder === undefined)
    throw new FileError('The recovery page', 'it is not built', 'Run `pnpm build`, or use --new-key.')
  let authority = ''
  const server = createServer((request, response) => {
    answer({ ...parameters, folder, authority }, request, response).catch(() => response.destroy())
  })
  server.listen(parameters.port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new FileError(`Port ${parameters.port}`, `it cannot be used (${error.code})`, 'Choose another with --port.')
  })
  authority = `localhost:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${authority}`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

type Page = PageParameters & { readonly folder: string; readonly authority: string }

async function answer(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = headersOf(page)
  // A page of another name that resolves to this machine must not be served as ours.
  if (request.headers.host !== page.authority) return void response.writeHead(421, headers).end()
  const { pathname } = new URL(request.url ?? '/', `http://${page.authority}`)
  const json = (status: number, body: unknown) =>
    void response.writeHead(status, { ...headers, 'content-type': types['.json'] }).end(JSON.stringify(body))
  if (pathname === '/relay' && request.method === 'POST') return json(200, await deliver(page, request))
  if (request.method !== 'GET') return void response.writeHead(405, headers).end()
  if (pathname === '/config.json') return json(200, siteConfig(page))
  const file = await findFile(page.folder, pathname)
  if (!file) return void response.writeHead(404, headers).end()
  response.writeHead(200, { ...headers, 'content-type': types[path.extname(file.path)] ?? 'application/octet-stream' })
  response.end(file.content)
}

/** No inline code, no frame around it, and no connection but to the nodes that were named. */
function headersOf({ nodes }: Page): Record<string, string> {
  const origins = [...new Set([...nodes.urls.values()].map((url) => new URL(url).origin))]
  return {
    'content-security-policy': [
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:",
      `connect-src 'self' ${origins.join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "require-trusted-types-for 'script'",
    ].join('; '),
    'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  }
}

/** What the page needs to know, in the form in which every host of it says so. */
function siteConfig({ nodes: { urls, contracts }, relay, authority }: Page) {
  return {
    chains: [...urls].map(([chainId, rpcUrl]) => ({ chainId, rpcUrl, bundlerUrl: null })),
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
    urls: relay ? { relay: `http://${authority}/relay` } : {},
  }
}

/** Sends what the page hands over, to the contracts and accounts only that it names; nobody else can reach this. */
async function deliver({ relay, authority }: Page, request: IncomingMessage): Promise<unknown> {
  const refuse = (code: string, message: string) => ({ error: { code, message } })
  if (!relay) return refuse('NO_RELAYER', 'The command was started without --relayer.')
  // Other pages can send, though not read: their origin tells.
  if (request.headers.origin !== `http://${authority}` || request.headers['content-type'] !== 'application/json')
    return refuse('ORIGIN', 'Only the page itself may send.')
  let body = ''
  for await (const chunk of request) if (body.length <= maxBodyBytes) body += String(chunk)
  const { chainId, to, data } = JSON.parse(body) as Partial<Record<string, unknown>>
  if (typeof chainId !== 'number' || typeof to !== 'string' || !isAddress(to) || !isHex(data))
    return refuse('REQUEST', 'This is no transaction.')
  try {
    return { hash: await relay.send({ chainId, to: getAddress(to), data }) }
  } catch (error) {
    return refuse(isRekeyError(error) ? error.code : 'CHAIN', 'The chain did not take the transaction.')
  }
}

/** The file of a path, or the page itself for a path without extension: routes live in the browser. */
async function findFile(folder: string, pathname: string): Promise<{ path: string; content: Buffer } | undefined> {
  const isRoute = path.posix.extname(pathname) === ''
  const wanted = path.join(folder, isRoute ? 'index.html' : path.posix.normalize(pathname))
  if (!wanted.startsWith(folder + path.sep)) return undefined
  const content = await readFile(wanted).catch(() => undefined)
  return content && { path: wanted, content }
}
