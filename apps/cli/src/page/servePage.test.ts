import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { defaultContracts, type RelayRequest } from '@rekey/sdk'
import { RelayFailedError } from '@rekey/sdk/errors'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readPageFile } from './builtPage.ts'
import { type ServedPage, servePage } from './servePage.ts'

const hash = `0x${'ab'.repeat(32)}` as const
const { guardianRecovery, passkeyValidator } = defaultContracts
let root = ''
let page: ServedPage
let sent: RelayRequest[]
let fails: unknown
/** A node that repeats what it is asked. */
const node = createServer(async (asked, response) => void response.end(`{"asked":${await text(asked)}}`))

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'rekey-page-'))
  mkdirSync(path.join(root, 'dist/assets'), { recursive: true })
  writeFileSync(path.join(root, 'secret.js'), 'secret')
  writeFileSync(path.join(root, 'dist/index.html'), '<!doctype html>the page')
  for (const name of ['main.js', 'argon2Worker-aB_1-x.js', 'notes.txt'])
    writeFileSync(path.join(root, 'dist/assets', name), `// ${name}`)
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  node.close()
  rmSync(root, { recursive: true })
})

beforeEach(async () => {
  sent = []
  fails = undefined
  page = await servePage({
    nodes: { urls: new Map([[1, nodeUrl()]]), contracts: defaultContracts },
    bundlers: new Map([[1, `${nodeUrl()}/bundler`]]),
    relay: {
      send: async (transaction) => {
        if (fails) throw fails
        sent.push(transaction)
        return hash
      },
    },
    port: 0,
    folder: path.join(root, 'dist'),
  })
})
afterEach(() => page.stop())

function nodeUrl(): string {
  const address = node.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/key-of-the-node`
}

type Reply = { status: number | undefined; headers: IncomingHttpHeaders; body: string }
type Asked = { path?: string; method?: string; headers?: Record<string, string>; body?: string; host?: string }

/** Asks by hand: a browser would not send what is tried here. */
async function ask({ path: asked = '/', method = 'GET', headers = {}, body = '', host = '127.0.0.1' }: Asked) {
  const { port, host: authority } = new URL(page.origin)
  return new Promise<Reply>((resolve, reject) => {
    const options = { host, port, path: asked, method, headers: { host: authority, ...headers } }
    const outgoing = request(options, async (response) =>
      resolve({ status: response.statusCode, headers: response.headers, body: await text(response) }),
    )
    outgoing.on('error', reject).end(body)
  })
}

/** The cookie that opening the printed address leaves in the browser. */
async function enter(): Promise<string> {
  const { pathname, search } = new URL(page.link('/recover'))
  const { headers } = await ask({ path: pathname + search })
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

/** What the page itself posts. */
async function post(more: Asked): Promise<Reply> {
  const headers = {
    origin: page.origin,
    'content-type': 'application/json',
    cookie: await enter(),
    ...more.headers,
  }
  return ask({ path: '/relay', method: 'POST', ...more, headers })
}

const transaction = { chainId: 1, to: guardianRecovery, data: '0x1234' } as const

describe('whoever has not opened the printed address', () => {
  test('is told nothing: no page, no setting, no node, and sends nothing', async () => {
    for (const place of ['/', '/recover', '/config.json', '/assets/main.js'])
      expect(await ask({ path: place })).toMatchObject({
        status: 403,
        body: expect.stringContaining('Open the address'),
      })
    for (const place of ['/relay', '/rpc/1']) {
      const body = JSON.stringify(transaction)
      expect(await post({ path: place, body, headers: { cookie: '' } })).toMatchObject({ status: 403 })
    }
    expect(sent).toEqual([])
  })

  test('does not get in with another key, nor with that of another run', async () => {
    const [name] = (await enter()).split('=')
    for (const key of ['', 'x', 'A'.repeat(43)]) {
      const shown = await ask({ path: `/recover?key=${key}` })
      expect([shown.status, shown.headers['set-cookie']]).toEqual([403, undefined])
      expect(await ask({ headers: { cookie: `${name}=${key}` } })).toMatchObject({ status: 403 })
    }
  })

  test('the key leaves the address at once, and stays where no script and no other site gets at it', async () => {
    const link = new URL(page.link('/recover#account=0x00'))
    expect(link.hash).toBe('#account=0x00')
    const { status, headers, body } = await ask({ path: link.pathname + link.search })
    expect([status, headers.location, body]).toEqual([303, `${page.origin}/recover`, ''])
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^rekey-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    expect(await ask({ headers: { cookie: `other=1; ${await enter()}` } })).toMatchObject({ status: 200 })
  })

  test('cannot be led elsewhere by the address with the key', async () => {
    const { search } = new URL(page.link('/'))
    for (const place of ['//elsewhere.example/x', '/.//elsewhere.example/x', '/\\elsewhere.example/x'])
      expect((await ask({ path: `${place}${search}` })).headers.location).toMatch(new RegExp(`^${page.origin}/`))
  })
})

describe('the page', () => {
  test('is served for every route, with headers that let no other code in and nothing else be asked', async () => {
    const cookie = await enter()
    for (const place of ['/', '/recover', '/guardian']) {
      const { status, headers, body } = await ask({ path: place, headers: { cookie } })
      expect([status, body]).toEqual([200, '<!doctype html>the page'])
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      const policy = headers['content-security-policy']
      for (const rule of ["default-src 'none'", "connect-src 'self';", "frame-ancestors 'none'", "script-src 'self';"])
        expect(policy).toContain(rule)
      expect(policy).not.toContain('unsafe')
    }
  })

  test('has one file that may compile WebAssembly: the worker, which loads nothing', async () => {
    const cookie = await enter()
    const policyOf = async (name: string) =>
      (await ask({ path: `/assets/${name}`, headers: { cookie } })).headers['content-security-policy']
    expect(await policyOf('argon2Worker-aB_1-x.js')).toBe("default-src 'none'; script-src 'wasm-unsafe-eval'")
    expect(await policyOf('main.js')).not.toContain('wasm')
  })

  test.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..\\secret.js',
    '/assets/..%5c..%5csecret.js',
    '/%00.js',
    '/assets/missing.js',
    '/assets/notes.txt',
  ])('is all that is served, not %s', async (place) => {
    const { status, body } = await ask({ path: place, headers: { cookie: await enter() } })
    expect([status, body]).toEqual([404, expect.not.stringContaining('secret')])
  })

  test('has no file outside of its folder, whatever is asked for', async () => {
    for (const name of ['../secret.js', 'assets/../../secret.js'])
      expect(await readPageFile(path.join(root, 'dist'), name)).toBeUndefined()
  })

  test('is told chains and contracts, and no address of a node', async () => {
    const { body, headers } = await ask({ path: '/config.json', headers: { cookie: await enter() } })
    expect(JSON.parse(body)).toMatchObject({
      chains: [{ chainId: 1, rpcUrl: `${page.origin}/rpc/1`, bundlerUrl: `${page.origin}/bundler/1` }],
      contracts: { GuardianRecovery: guardianRecovery },
      urls: { relay: `${page.origin}/relay` },
    })
    expect(body).not.toContain('key-of-the-node')
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
  })

  test('is served under its own name alone, whatever name leads to this machine', async () => {
    const cookie = await enter()
    const { port } = new URL(page.origin)
    for (const host of [`127.0.0.1:${port}`, `evil.example:${port}`, 'localhost', `auth.localhost:${port}`])
      expect(await ask({ path: '/config.json', headers: { cookie, host } })).toMatchObject({ status: 421 })
  })

  test('takes no other method', async () => {
    const headers = { cookie: await enter() }
    for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE'])
      expect(await ask({ path: '/config.json', method, headers })).toMatchObject({ status: 405 })
  })
})

describe('what the page sends', () => {
  test('is delivered', async () => {
    expect(await post({ body: JSON.stringify(transaction) })).toMatchObject({ status: 200, body: `{"hash":"${hash}"}` })
    expect(sent).toEqual([transaction])
  })

  test.each([
    ['another page', { origin: 'http://localhost:1' }, 403],
    ['a page without origin', { origin: 'null' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('is not taken from %s', async (_, headers, status) => {
    for (const place of ['/relay', '/rpc/1', '/bundler/1'])
      expect(await post({ path: place, body: JSON.stringify(transaction), headers })).toMatchObject({ status })
    expect(sent).toEqual([])
  })

  test('goes to contracts that give their caller no power, and to no other', async () => {
    for (const to of [passkeyValidator, '0x00000000000000000000000000000000000fee14'])
      expect(await post({ body: JSON.stringify({ ...transaction, to }) })).toMatchObject({
        status: 403,
        body: expect.stringContaining('TARGET'),
      })
    expect(sent).toEqual([])
  })

  test.each(['', 'null', '{', '[]', '{"chainId":"1"}', JSON.stringify({ ...transaction, data: '0x123' })])(
    'is refused when it is no transaction: %s',
    async (body) => {
      expect(await post({ body })).toMatchObject({ status: 400 })
      expect(sent).toEqual([])
    },
  )

  test('is refused when it is too large, and the page is told', async () => {
    const reply = await post({ body: JSON.stringify({ ...transaction, data: `0x${'00'.repeat(262_144)}` }) })
    expect(reply).toMatchObject({ status: 413, body: expect.stringContaining('TOO_LARGE') })
    expect(sent).toEqual([])
  })

  test('fails in words of ours', async () => {
    fails = new RelayFailedError(1, { details: 'key-of-the-node' })
    const { status, body } = await post({ body: JSON.stringify(transaction) })
    expect([status, JSON.parse(body).error.code]).toEqual([502, 'CHAIN_RELAY_FAILED'])
    expect(body).not.toContain('key-of-the-node')
  })
})

describe('what the page asks', () => {
  test('reaches the node or bundler of the chain, and no other', async () => {
    for (const place of ['/rpc/1', '/bundler/1'])
      expect(await post({ path: place, body: '{"method":"eth_chainId"}' })).toMatchObject({
        status: 200,
        body: '{"asked":{"method":"eth_chainId"}}',
      })
    expect(await post({ path: '/rpc/2', body: '{}' })).toMatchObject({ status: 404 })
    expect(await post({ path: '/rpc/', body: '{}' })).toMatchObject({ status: 405 })
  })

  test('fails without a word of the node’s address', async () => {
    const { status, body } = await post({ path: '/rpc/1', body: 'not JSON' })
    expect([status, body]).toEqual([502, expect.not.stringContaining('key-of-the-node')])
  })
})

/** What this machine calls loopback: both addresses, or one where it has no IPv6. */
const loopback = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .flatMap(({ address }) => (['127.0.0.1', '::1'].includes(address) ? [address] : []))

describe('the port', () => {
  const empty = (port: number) => ({
    nodes: { urls: new Map<number, string>(), contracts: defaultContracts },
    bundlers: new Map<number, string>(),
    relay: { send: async () => hash },
    port,
    folder: path.join(root, 'dist'),
  })

  test('is open on all of loopback, and nowhere else', async () => {
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address, scopeid }) => !loopback.includes(address) && !scopeid)
    expect(loopback).toContain('127.0.0.1')
    for (const host of loopback) expect((await ask({ host })).status).toBe(403)
    for (const { address } of elsewhere) await expect(ask({ host: address })).rejects.toThrow('ECONNREFUSED')
  })

  test.each(loopback)('is not shared with whoever has it already on %s', async (host) => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, host, resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(servePage(empty(port))).rejects.toThrow(
      `Port ${port}: something else uses it.\nChoose another with --port.`,
    )
    other.close()
  })

  test('is free again after the end, whoever is still connected', async () => {
    const port = Number(new URL(page.origin).port)
    const visitor = connect(port, '127.0.0.1')
    await once(visitor, 'connect')
    await Promise.all([once(visitor, 'close'), page.stop()])
    await expect(ask({})).rejects.toThrow('ECONNREFUSED')
    page = await servePage(empty(port))
  })
})
