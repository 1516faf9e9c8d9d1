import { Socket } from 'node:net'

/** Does something while every way out of this process throws. */
export async function withoutNetwork<value>(work: () => Promise<value>): Promise<value> {
  const refuse = (): never => {
    throw new Error('There is no network.')
  }
  const { fetch } = globalThis
  const { connect, write } = Socket.prototype
  globalThis.fetch = refuse
  Object.assign(Socket.prototype, { connect: refuse, write: refuse })
  try {
    return await work()
  } finally {
    globalThis.fetch = fetch
    Object.assign(Socket.prototype, { connect, write })
  }
}
