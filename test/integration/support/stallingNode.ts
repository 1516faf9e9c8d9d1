import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A node that answers every question, but keeps transactions to itself and never says so. */
export type StallingNode = AsyncDisposable & { readonly url: string; readonly stalled: () => number }

export async function startStallingNode(rpcUrl: string): Promise<StallingNode> {
  const held: ServerResponse[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (body.includes('eth_sendRawTransaction')) return void held.push(response)
    const answer = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stalled: () => held.length,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
