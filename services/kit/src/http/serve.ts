import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { ServiceApp } from './app.ts'

/** A service that listens. */
export type Serving = AsyncDisposable & {
  readonly url: string
  /** Takes no more connections, lets running requests end, and cuts those that do not within the grace. */
  readonly stop: () => Promise<void>
}

export type ServeParameters = {
  /** Default 127.0.0.1: what serves the world stands behind something that speaks TLS. */
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Default 5,000. */
  readonly graceMs?: number
}

/** Listens for an app. */
export async function serve(
  app: ServiceApp,
  { host = '127.0.0.1', port, graceMs = 5_000 }: ServeParameters,
): Promise<Serving> {
  const server = createServer(getRequestListener(app.fetch))
  // Slow senders are cut off; a request's head has to be small.
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.maxRequestsPerSocket = 1_000
  server.listen(port, host)
  await once(server, 'listening')
  const { port: actual } = server.address() as AddressInfo
  server.on('request', (_, response) =>
    // A connection whose last answer is out would be kept open for the next question.
    response.once('close', () => void (stopping && setImmediate(() => server.closeIdleConnections()))),
  )
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    })()
    return stopping
  }
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, stop, [Symbol.asyncDispose]: stop }
}
