import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A port on loopback that can refuse connections for a while, as a node that is down does. */
export type TcpProxy = {
  readonly port: number
  readonly isOpen: () => boolean
  /** Takes connections again, on the same port. */
  readonly open: () => Promise<void>
  /** Cuts every connection and refuses new ones. */
  readonly close: () => Promise<void>
}

/** @param target The port behind it; before that is known, connections are cut. */
export async function startTcpProxy(target: number | (() => number | undefined)): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((inbound) => {
    const targetPort = typeof target === 'number' ? target : target()
    if (targetPort === undefined) return void inbound.destroy()
    const outbound = connect(targetPort, '127.0.0.1')
    for (const socket of [inbound, outbound]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('close', () => sockets.delete(socket))
    }
    inbound.on('error', () => outbound.destroy()).on('close', () => outbound.destroy())
    outbound.on('error', () => inbound.destroy()).on('close', () => inbound.destroy())
    inbound.pipe(outbound).pipe(inbound)
  })
  const port = await listen(server, 0)
  return {
    port,
    isOpen: () => server.listening,
    open: async () => {
      if (!server.listening) await listen(server, port)
    },
    close: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
