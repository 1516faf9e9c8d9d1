import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { isPublicAddress } from './publicAddress.ts'
import { createSafeFetch, type FetchRules } from './safeFetch.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A server on loopback; the port it has. */
async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const answer: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json').end('{"ok":true}')
}

const problem = (name: string) => expect.objectContaining({ code: 'SERVICE_OUTBOUND_REFUSED', problem: name })

/** Asks 127.0.0.1 at a port that is allowed. */
const local = (port: number, rules: FetchRules = {}) =>
  createSafeFetch({ allowedHosts: [`127.0.0.1:${port}`], ...rules })

describe('addresses', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '100.63.255.255',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
  ])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['this host', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['shared by a carrier', '100.64.0.1'],
    ['link-local, where clouds have their metadata', '169.254.169.254'],
    ['for documents', '192.0.2.1'],
    ['for measuring', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['this host', '::'],
    ['mapped IPv4', '::ffff:127.0.0.1'],
    ['mapped IPv4', '::ffff:7f00:1'],
    ['mapped public IPv4', '::ffff:8.8.8.8'],
    ['translated IPv4', '64:ff9b::a00:1'],
    ['6to4 of a private IPv4', '2002:a00:1::'],
    ['Teredo', '2001:0:a00:1::'],
    ['unique local, where clouds have their metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['multicast', 'ff02::1'],
    ['for documents', '2001:db8::1'],
    ['no address', 'localhost'],
    ['no address', '1.2.3'],
  ])('%s: %s is not', (_, address) => expect(isPublicAddress(address)).toBe(false))
})

describe('hosts that are not allowed by name', () => {
  test('a service on this machine is not asked, by address or by a name that leads there', async () => {
    let isAsked = false
    const port = await listen((request, response) => {
      isAsked = true
      answer(request, response)
    })
    const get = createSafeFetch({ resolve: async () => ['127.0.0.1'] })
    const hosts = [
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      'inside.example',
      'localhost',
    ]
    for (const host of hosts) await expect(get(`https://${host}:${port}/`), host).rejects.toEqual(problem('address'))
    expect(isAsked).toBe(false)
  })

  test('one private address among those of a name is enough to refuse it', async () => {
    const get = createSafeFetch({ resolve: async () => ['8.8.8.8', '10.0.0.1'] })
    await expect(get('https://mixed.example/')).rejects.toEqual(problem('address'))
  })

  test.each<[string, string, string]>([
    ['[J100] without TLS', 'http://issuer.example/keys', 'scheme'],
    ['a file', 'file:///etc/passwd', 'scheme'],
    ['another protocol', 'gopher://issuer.example/', 'scheme'],
    ['with a password', 'https://user:pass@issuer.example/', 'url'],
    ['no address', 'issuer.example', 'url'],
  ])('%s is not asked', async (_, url, expected) => {
    const get = createSafeFetch({ resolve: async () => ['8.8.8.8'] })
    await expect(get(url)).rejects.toEqual(problem(expected))
  })

  test('a name without addresses, and one that cannot be looked up', async () => {
    await expect(createSafeFetch({ resolve: async () => [] })('https://a.example/')).rejects.toEqual(problem('host'))
    const fails = createSafeFetch({ resolve: () => Promise.reject(new Error('SERVFAIL')) })
    await expect(fails('https://a.example/')).rejects.toEqual(problem('host'))
  })

  test('an allowed host is allowed with its port only', async () => {
    const [allowed, other] = [await listen(answer), await listen(answer)]
    const get = local(allowed)
    expect((await get(`http://127.0.0.1:${allowed}/`)).text).toBe('{"ok":true}')
    await expect(get(`http://127.0.0.1:${other}/`)).rejects.toEqual(problem('scheme'))
    await expect(get(`https://127.0.0.1:${other}/`)).rejects.toEqual(problem('address'))
    await expect(get(`ftp://127.0.0.1:${allowed}/`)).rejects.toEqual(problem('scheme'))
  })
})

test('the connection goes to the address that was looked at, and the name is looked up once', async () => {
  let host: string | undefined
  const port = await listen((request, response) => {
    host = request.headers.host
    answer(request, response)
  })
  const asked: string[] = []
  const get = createSafeFetch({
    allowedHosts: [`rebound.example:${port}`],
    resolve: async (name) => {
      asked.push(name)
      return asked.length === 1 ? ['127.0.0.1'] : ['8.8.8.8']
    },
  })
  expect((await get(`http://rebound.example:${port}/`)).status).toBe(200)
  expect([host, asked]).toEqual([`rebound.example:${port}`, ['rebound.example']])
})

describe('redirects', () => {
  test('within the origin are followed, a few times', async () => {
    const port = await listen((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) return answer(request, response)
      response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    expect((await local(port)(`http://127.0.0.1:${port}/3`)).status).toBe(200)
    await expect(local(port)(`http://127.0.0.1:${port}/4`)).rejects.toEqual(problem('redirect'))
  })

  test('[J100] to another host are not, even to one that is allowed', async () => {
    let isAsked = false
    const other = await listen((request, response) => {
      isAsked = true
      answer(request, response)
    })
    const port = await listen((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end()
    })
    const get = createSafeFetch({ allowedHosts: [`127.0.0.1:${port}`, `127.0.0.1:${other}`] })
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toEqual(problem('redirect'))
    expect(isAsked).toBe(false)
  })

  test('of something posted are not', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/elsewhere') return answer(request, response)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    const posted = local(port)(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'code' })
    await expect(posted).rejects.toEqual(problem('redirect'))
  })
})

describe('answers', () => {
  test.each(['text/html', 'text/plain; charset=utf-8', ''])('of type %j are not taken', async (type) => {
    const port = await listen((_, response) => {
      if (type !== '') response.setHeader('content-type', type)
      response.end('{}')
    })
    await expect(local(port)(`http://127.0.0.1:${port}/`)).rejects.toEqual(problem('type'))
  })

  test('that say no are handed on', async () => {
    const port = await listen((_, response) => void response.writeHead(400).end('{"error":"invalid_grant"}'))
    expect(await local(port)(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 400,
      text: '{"error":"invalid_grant"}',
    })
  })

  test.each<[string, Record<string, string>]>([
    ['announced', { 'content-length': '1001' }],
    ['not announced', {}],
  ])('of 1,001 bytes, %s, are not taken where 1,000 are', async (_, headers) => {
    const body =
      (size: number): RequestListener =>
      (__, response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...(size > 1_000 ? headers : {}) })
        response.end('x'.repeat(size))
      }
    const [fits, large] = [await listen(body(1_000)), await listen(body(1_001))]
    expect((await local(fits, { maxBytes: 1_000 })(`http://127.0.0.1:${fits}/`)).text).toHaveLength(1_000)
    await expect(local(large, { maxBytes: 1_000 })(`http://127.0.0.1:${large}/`)).rejects.toEqual(problem('size'))
  })

  test.each<[string, RequestListener]>([
    ['never come', () => {}],
    [
      'stop in the middle',
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    ],
  ])('that %s are waited for no longer than was said', async (_, listener) => {
    const port = await listen(listener)
    await expect(local(port, { timeoutMs: 100 })(`http://127.0.0.1:${port}/`)).rejects.toEqual(problem('time'))
  })

  test('a name that is never looked up is waited for no longer either', async () => {
    const get = createSafeFetch({ timeoutMs: 50, resolve: () => new Promise(() => {}) })
    await expect(get('https://a.example/')).rejects.toEqual(problem('time'))
  })

  test('from nobody, and cut off, are told as such', async () => {
    const port = await listen((request) => void request.destroy())
    await expect(local(port)(`http://127.0.0.1:${port}/`)).rejects.toEqual(problem('unreachable'))
    await expect(local(1)('http://127.0.0.1:1/')).rejects.toEqual(problem('unreachable'))
  })

  test('no error has a path or a query in it', async () => {
    const port = await listen((_, response) => void response.setHeader('content-type', 'text/html').end())
    const error: unknown = await local(port)(`http://127.0.0.1:${port}/opaque?key=opaque`).catch(
      (thrown: unknown) => thrown,
    )
    expect(String(error)).not.toContain('opaque')
  })

  test('whoever asked can stop', async () => {
    const port = await listen(() => {})
    const controller = new AbortController()
    const asked = local(port)(`http://127.0.0.1:${port}/`, { signal: controller.signal })
    controller.abort(new Error('stopped'))
    await expect(asked).rejects.toThrow('stopped')
  })
})
