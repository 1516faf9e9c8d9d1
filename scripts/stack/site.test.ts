import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Site, startSite } from './site.ts'

const root = mkdtempSync(path.join(tmpdir(), 'rekey-site-'))
let site: Site

beforeAll(async () => {
  const folder = path.join(root, 'dist')
  mkdirSync(path.join(folder, 'assets'), { recursive: true })
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>page')
  writeFileSync(path.join(folder, 'assets/app.js'), 'app()')
  writeFileSync(path.join(root, 'secret.txt'), 'secret')
  site = await startSite({
    host: 'auth.localhost',
    folder,
    config: () => ({ answer: 42 }),
    headers: () => ({ 'x-extra': 'yes' }),
  })
})
afterAll(async () => {
  await site.stop()
  rmSync(root, { recursive: true })
})

type Answer = {
  readonly status: number | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
}

/** A request as the wire has it: fetch would tidy the path and choose the Host itself. */
function ask(target: string, options: { host?: string; method?: string } = {}): Promise<Answer> {
  const { host, port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path: target,
      method: options.method ?? 'GET',
      headers: { host: options.host ?? host },
    })
    sent.once('error', reject).once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body, headers: response.headers }), reject)
    })
    sent.end()
  })
}

describe('a site', () => {
  test('serves its files with types and a content security policy', async () => {
    const script = await ask('/assets/app.js')
    expect(script).toMatchObject({
      status: 200,
      body: 'app()',
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    })
    expect(script.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(script.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-extra': 'yes' })
  })

  test.each(['/', '/recover/start?x=1', '/recover'])('answers the route %s with the page', async (route) => {
    expect(await ask(route)).toMatchObject({ status: 200, body: '<!doctype html>page' })
  })

  test('says what the page needs to know', async () => {
    expect(JSON.parse((await ask('/config.json')).body)).toEqual({ answer: 42 })
  })

  test.each([
    '/missing.js',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%00.js',
    '/%ff.js',
  ])('has nothing at %s', async (target) => {
    expect(await ask(target)).toMatchObject({ status: 404, body: '' })
  })

  test.each(['evil.example', '127.0.0.1', 'app.localhost'])('is not served under the name %s', async (host) => {
    expect((await ask('/', { host: `${host}:${new URL(site.url).port}` })).status).toBe(421)
  })

  test('is read only', async () => {
    expect((await ask('/', { method: 'POST' })).status).toBe(405)
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })
})
