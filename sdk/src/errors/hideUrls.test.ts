import { inspect } from 'node:util'
import { createClient, createPublicClient, custom, http } from 'viem'
import { expect, test } from 'vitest'
import { BundlerRejectedError, BundlerUnreachableError, ChainUnreachableError } from './chain.ts'
import { hideUrls, serviceOrigin } from './hideUrls.ts'

const key = 's3cret'
const url = `https://rpc.example.com/v2/${key}?token=${key}&chain=1`

const answer = (body: unknown, status = 200) =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))

/** What viem throws when a service behaves in some way. */
const failures: Record<string, () => Promise<Response>> = {
  'does not answer': () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
  'answers with an HTTP error': () => answer({ error: 'no such key' }, 401),
  'answers with an RPC error': () => answer({ jsonrpc: '2.0', id: 1, error: { code: -32_500, message: 'AA24' } }),
  'answers nonsense': () => Promise.resolve(new Response('<html>')),
}

test.each(Object.entries(failures))(
  '[250] the key in the address of a service that %s is in no error',
  async (_, fetchFn) => {
    const client = createPublicClient({ transport: http(url, { fetchFn, retryCount: 0 }) })
    const request = { to: `0x${'11'.repeat(20)}`, data: '0x' } as const
    for (const fail of [() => client.getChainId(), () => client.call(request), () => client.getBlock()]) {
      const cause = await fail().catch((error: unknown) => error)
      expect(inspect(cause, { depth: 20 })).toContain(key)
      for (const error of [
        new ChainUnreachableError(1, cause),
        new BundlerUnreachableError(1, cause),
        new BundlerRejectedError({ chainId: 1, reason: 'AA24', cause }),
      ]) {
        const shown = [inspect(error, { depth: 20 }), JSON.stringify(error), String(error), error.message, error.stack]
        expect(shown.join()).not.toContain(key)
        expect(inspect(error, { depth: 20 })).toContain('https://rpc.example.com')
      }
    }
  },
)

test('a service that does not answer is named by its origin', async () => {
  const transport = http(url, { fetchFn: failures['does not answer'] as typeof fetch, retryCount: 0 })
  const cause = await createClient({ transport })
    .request({ method: 'eth_chainId' })
    .catch((error: unknown) => error)
  expect(serviceOrigin(cause)).toBe('https://rpc.example.com')
  expect(new BundlerUnreachableError(1, cause).details).toBe('https://rpc.example.com')
  expect(new ChainUnreachableError(1, cause).details).toBe('https://rpc.example.com')
})

test('what has no address stays as it is, and a chain of causes that loops ends', async () => {
  const cause = await createClient({
    transport: custom({ request: () => Promise.reject(new Error('down')) }, { retryCount: 0 }),
  })
    .request({ method: 'eth_chainId' })
    .catch((error: unknown) => error)
  const before = inspect(cause, { depth: 20 })
  hideUrls(cause)
  expect(inspect(cause, { depth: 20 })).toBe(before)
  expect(serviceOrigin(cause)).toBeUndefined()

  const first = Object.assign(new Error('first'), { url })
  const second = Object.assign(new Error(url, { cause: first }), { details: url, shortMessage: url, status: 404 })
  first.cause = second
  hideUrls(first)
  const origin = 'https://rpc.example.com'
  expect(second).toMatchObject({ message: origin, details: origin, shortMessage: origin, status: 404 })
  for (const value of [undefined, null, 'text', { url }]) expect(() => hideUrls(value)).not.toThrow()
})

test('an address that cannot be read is left out', () => {
  const error = Object.assign(new Error(`at ${key}`), { url: key })
  hideUrls(error)
  expect(error.message).toBe('at an address')
})
