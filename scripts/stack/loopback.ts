import { type AddressInfo, Server } from 'node:net'

/**
 * Preloaded into programs that would listen on every interface and have no option against it: makes them listen on
 * loopback only, and prints the port, so that it can be chosen by the system. The line starts with a line break, because
 * a logger that writes to the same pipe may be in the middle of a line.
 */
const listen = Server.prototype.listen

Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [first, ...rest] = args
  const port = typeof first === 'object' && first !== null && 'port' in first ? Number(first.port) : Number(first)
  const callback = rest.find((argument) => typeof argument === 'function')
  this.once('listening', () => console.log(`\nlistening on 127.0.0.1:${(this.address() as AddressInfo).port}`))
  return Reflect.apply(listen, this, [{ port, host: '127.0.0.1' }, callback]) as Server
} as typeof listen
