import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Preloaded into a program that may talk to nothing but nodes: connections to other ports or hosts are refused and written
 * down. `REKEY_TEST_PORTS` names the ports on loopback, `REKEY_TEST_STRANGERS` the file.
 */
const { REKEY_TEST_PORTS: ports = '', REKEY_TEST_STRANGERS: file = '' } = process.env
const allowed = new Set(ports.split(',').map(Number))
const connect = Socket.prototype.connect

Socket.prototype.connect = function connectToNodes(this: Socket, ...args: unknown[]): Socket {
  const { host, port } = placeOf(args)
  if (host === '127.0.0.1' && allowed.has(port)) return Reflect.apply(connect, this, args) as Socket
  appendFileSync(file, `${host}:${port}\n`)
  return this.destroy(new Error('This is not a node.'))
} as typeof connect

/** Node hands over options, alone or, already normalised, in a list. */
function placeOf([first]: readonly unknown[]): { host: string; port: number } {
  const options: unknown = Array.isArray(first) ? first[0] : first
  if (typeof options !== 'object' || options === null) return { host: 'unknown', port: Number(options) }
  return { host: String(Reflect.get(options, 'host')), port: Number(Reflect.get(options, 'port')) }
}
