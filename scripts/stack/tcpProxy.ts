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

/** @param target The port behind it, or who starts what listens there when the first connection comes. */
export async function startTcpProxy(target: number | (() => Promise<number>)): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket =>
    socket
      .setNoDelay(true)
      .on('error', () => {})
      .once('close', () => sockets.delete(socket))
  const join = (inbound: Socket, targetPort: number): void => {
    if (inbound.destroyed) return
    const outbound = keep(connect(targetPort, '127.0.0.1'))
    sockets.add(outbound)
    inbound.on('close', () => outbound.destroy())
    outbound.on('close', () => inbound.destroy())
    inbound.pipe(outbound).pipe(inbound)
  }
  const server = createServer((inbound) => {
    sockets.add(keep(inbound))
    if (typeof target === 'number') return join(inbound, target)
    target().then(
      (targetPort) => join(inbound, targetPort),
      () => inbound.destroy(),
    )
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
