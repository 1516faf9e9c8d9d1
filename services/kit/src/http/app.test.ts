import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { RequestError } from '../errors.ts'
import { createLog } from '../log/log.ts'
import type { TakeAttempt } from '../store/limits.ts'
import { createApp, type ServiceApp } from './app.ts'
import { clientNetwork, limitByClient } from './limit.ts'
import { readJson } from './readJson.ts'
import { type Serving, serve } from './serve.ts'

const lines: string[] = []
const servings: Serving[] = []

afterEach(async () => {
  await Promise.all(servings.splice(0).map(({ stop }) => stop()))
  lines.length = 0
})

async function start(build: (app: ServiceApp) => void, parameters: { graceMs?: number } = {}): Promise<Serving> {
  const log = createLog({ service: 'test', write: (line) => void lines.push(line) })
  const app = createApp({ log, maxBodyBytes: 1_000 })
  build(app)
  const serving = await serve(app, { port: 0, ...parameters })
  servings.push(serving)
  return serving
}

const entries = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line))

describe('every answer', () => {
  test('has security headers, is not kept, and has an id that the log has too', async () => {
    const { url } = await start((app) => app.get('/', (context) => context.json({ ok: true })))
    const answer = await fetch(`${url}/?access=hidden-text`)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(entries()).toEqual([
      expect.objectContaining({
        event: 'request',
        path: '/',
        status: 200,
        requestId: answer.headers.get('x-request-id'),
      }),
    ])
    expect(lines.join('')).not.toContain('hidden-text')
  })

  test('that is a refusal says what is wrong and what to do, with its status', async () => {
    const { url } = await start((app) =>
      app.get('/no', () => {
        throw new RequestError(409, 'TAKEN', 'This is taken.', 'Choose another.')
      }),
    )
    const answer = await fetch(`${url}/no`)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toEqual({ code: 'TAKEN', message: 'This is taken.', remedy: 'Choose another.' })
    const nothing = await fetch(`${url}/elsewhere`)
    expect([nothing.status, await nothing.json()]).toMatchObject([404, { code: 'NOT_FOUND' }])
  })

  test('[250] to what fails unforeseen says nothing about it', async () => {
    const { url } = await start((app) =>
      app.get('/', () => {
        throw new Error('SELECT failed at line 3')
      }),
    )
    const answer = await fetch(url)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('SELECT')
    expect(entries()[0]).toMatchObject({ level: 'error', error: { message: 'SELECT failed at line 3' } })
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
  })
})

describe('bodies', () => {
  const app = (one: ServiceApp): unknown =>
    one.post('/', async (context) => context.json(await readJson(context, v.object({ name: v.string() }))))
  const post = (url: string, body: string | ReadableStream, type = 'application/json'): Promise<Response> =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit)

  test('are read when they fit', async () => {
    const { url } = await start(app)
    expect(await (await post(url, '{"name":"ada"}')).json()).toEqual({ name: 'ada' })
  })

  test.each([
    ['no JSON', '{', 'application/json', 400, 'REQUEST_INVALID'],
    ['a wrong field', '{"name":1}', 'application/json', 400, 'REQUEST_INVALID'],
    ['a form, as pages of others can post', '{"name":"ada"}', 'text/plain', 415, 'NOT_JSON'],
    ['1,001 bytes', `{"name":"${'a'.repeat(990)}"}`, 'application/json', 413, 'BODY_TOO_LARGE'],
  ])('%s is refused', async (_, body, type, status, code) => {
    const { url } = await start(app)
    const answer = await post(url, body, type)
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }])
  })

  test('a body without an announced length is cut off at the limit', async () => {
    const { url } = await start(app)
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(300).fill(0x20)) })
    const answer = await post(url, endless).catch(() => undefined)
    if (answer !== undefined) expect(answer.status).toBe(413)
    expect(entries().at(-1)).toMatchObject({ event: 'request', status: 413 })
  })
})

describe('stopping', () => {
  test('lets a running request end, and takes no other', async () => {
    let isAsked = false
    let finish = (): void => {}
    const { url, stop } = await start((app) =>
      app.get('/', async (context) => {
        await new Promise<void>((resolve) => {
          isAsked = true
          finish = resolve
        })
        return context.text('done')
      }),
    )
    const running = fetch(url)
    await expect.poll(() => isAsked).toBe(true)
    const stopped = stop()
    await expect(fetch(url)).rejects.toThrow()
    finish()
    expect(await (await running).text()).toBe('done')
    await stopped
  })

  test('cuts what does not end within the grace', async () => {
    let isAsked = false
    const { url, stop } = await start(
      (app) =>
        app.get('/', () => {
          isAsked = true
          return new Promise<Response>(() => {})
        }),
      { graceMs: 50 },
    )
    const cut = expect(fetch(url)).rejects.toThrow()
    await expect.poll(() => isAsked).toBe(true)
    await stop()
    await cut
  })
})

describe('limits by client', () => {
  /** Counts in memory; the one that services use is tested beside its source. */
  function createCounts(): TakeAttempt {
    const counts = new Map<string, number>()
    return async ({ most }, who) => {
      counts.set(who, (counts.get(who) ?? 0) + 1)
      return (counts.get(who) ?? 0) > most ? { isAllowed: false, retryAfter: 7 } : { isAllowed: true }
    }
  }

  async function limited(proxies: number): Promise<Serving> {
    const limit = { name: 'all', most: 2, seconds: 60 }
    return start((app) =>
      app
        .use(limitByClient(createCounts(), limit, proxies))
        .get('/', (context) => context.text(clientNetwork(context, proxies))),
    )
  }
  const from = (url: string, forwarded: string): Promise<Response> =>
    fetch(url, { headers: { 'x-forwarded-for': forwarded } })

  test('[267] what a client says of where it comes from counts only behind our proxies', async () => {
    const { url } = await limited(0)
    const statuses = await Promise.all(
      ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map(async (one) => (await from(url, one)).status),
    )
    expect(statuses.toSorted()).toEqual([200, 200, 429])
  })

  test('[267] behind one proxy the last address counts, and an IPv6 network is one client', async () => {
    const { url } = await limited(1)
    expect(await (await from(url, '9.9.9.9, 2001:db8:1:2:3::4')).text()).toBe('2001:db8:1:2::/64')
    expect((await from(url, '8.8.8.8, 2001:db8:1:2:ffff::1')).status).toBe(200)
    const third = await from(url, '7.7.7.7, 2001:0db8:1:2::')
    expect([third.status, await third.json()]).toMatchObject([
      429,
      { code: 'TOO_MANY', remedy: expect.stringMatching(/in 7 seconds/) },
    ])
    expect((await from(url, '7.7.7.7, 2001:db8:1:3::')).status).toBe(200)
  })
})
