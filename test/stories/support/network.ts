import { Socket } from 'node:net'
import { vi } from 'vitest'

/** Does something while every way out of this process throws. */
export async function withoutNetwork<value>(work: () => Promise<value>): Promise<value> {
  const refuse = (): never => {
    throw new Error('There is no network.')
  }
  const cut = [
    vi.spyOn(globalThis, 'fetch').mockImplementation(refuse),
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(refuse),
    vi.spyOn(Socket.prototype, 'write').mockImplementation(refuse),
  ]
  try {
    return await work()
  } finally {
    for (const one of cut) one.mockRestore()
  }
}
