import type { Address } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningNames, startNames } from './names.ts'

const ada = '0x00000000000000000000000000000000000000Ad'
const origin = 'http://auth.localhost:1234'
const names = new Map<string, Address>([['ada', ada]])
let server: RunningNames

beforeAll(async () => {
  server = await startNames({ names, origins: () => [origin] })
})
afterAll(() => server.stop())

async function ask(query: string, init: RequestInit = {}) {
  const response = await fetch(`${server.url}${query}`, init)
  return { status: response.status, headers: response.headers, body: await response.json() }
}

it('answers who has a name, as it is at that moment', async () => {
  expect(await ask('?name=ada')).toMatchObject({ status: 200, body: { address: ada } })
  expect(await ask('?name=Ada')).toMatchObject({ status: 404, body: { error: { code: 'UNKNOWN' } } })
  names.set('s\u00f6ren & co', ada)
  expect(await ask(`?name=${encodeURIComponent('s\u00f6ren & co')}`)).toMatchObject({ status: 200 })
})

it('takes nothing but GET with a name', async () => {
  expect(await ask('')).toMatchObject({ status: 400, body: { error: { code: 'REQUEST' } } })
  expect(await ask('?name=ada', { method: 'POST' })).toMatchObject({ status: 405 })
})

it('lets pages of its stack read the answer, and no other', async () => {
  const { headers } = await ask('?name=ada', { headers: { origin } })
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  const { headers: stranger } = await ask('?name=ada', { headers: { origin: 'http://evil.localhost' } })
  expect(stranger.get('access-control-allow-origin')).toBeNull()
})
