import { isRekeyError } from '@rekey/sdk/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OutboundError } from '../errors.ts'
import { createLog, type LogFields } from './log.ts'

const secret = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMTAxNjk0ODQ0In0.c2lnbmF0dXJl'

function write(fields: LogFields, event = 'something'): string {
  const lines: string[] = []
  createLog({ service: 'test', secrets: [secret], write: (line) => void lines.push(line) }).info(event, fields)
  return lines.join('')
}

const entryOf = (fields: LogFields): Record<string, unknown> => JSON.parse(write(fields))

/** Everything that would give the secret away. */
function expectNothing(line: string): void {
  const bytes = Buffer.from(secret)
  for (const form of [
    secret.slice(2),
    secret.slice(2).toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ])
    expect(line).not.toContain(form)
}

describe('[250] a secret that the settings know never gets into the log', () => {
  const broken = {
    get value(): string {
      throw new Error(secret)
    },
  }
  const loop: Record<string, unknown> = { secret }
  loop.self = loop

  test.each<[place: string, fields: LogFields]>([
    ['a field', { note: secret }],
    ['the middle of a text', { note: `the key ${secret}, again ${secret}` }],
    ['without 0x', { note: secret.slice(2) }],
    ['in capitals', { note: secret.slice(2).toUpperCase() }],
    ['as base64', { note: Buffer.from(secret).toString('base64') }],
    ['percent-encoded in a path', { note: `/keys/${encodeURIComponent(secret)}` }],
    ['the name of a field', { [secret]: 1 }],
    ['an address', { url: new URL(`https://node.example/v3/${secret}`) }],
    ['an address in a text', { note: `asked https://node.example/v3/${secret} in vain` }],
    ['a query', { note: `/callback?key=${secret}` }],
    ['the message of an error', { error: new Error(`cannot use ${secret}`) }],
    ['the cause of an error', { error: new Error('outer', { cause: new Error(secret) }) }],
    ['several errors', { error: new AggregateError([new Error(secret)], secret) }],
    ['a field of an error', { error: Object.assign(new Error('x'), { request: { body: secret }, name: secret }) }],
    ['one of our errors', { error: new OutboundError('host', secret, new Error(secret)) }],
    ['an object far down', { a: { b: { c: { d: { e: { f: { g: secret } } } } } } }],
    ['a list', { list: [1, [secret]] }],
    ['a map', { map: new Map([[secret, secret]]) }],
    ['a set', { set: new Set([secret]) }],
    ['headers', { headers: new Headers({ 'x-custom': secret }) }],
    ['bytes', { bytes: Buffer.from(secret) }],
    ['a getter', { broken }],
    ['a circle', { loop }],
    ['a symbol', { symbol: Symbol(secret) }],
    ['a number that is one', { number: BigInt(secret) }],
    ['a very long text', { note: 'a'.repeat(20_000) + secret }],
    ['the end of what is kept of a text', { note: `${'a'.repeat(1_980)}${secret}` }],
  ])('%s', (_, fields) => {
    const line = write(fields)
    expectNothing(line)
    expect(line).not.toContain(BigInt(secret).toString())
    expect(JSON.parse(line)).toMatchObject({ event: 'something', level: 'info', service: 'test' })
  })

  test('the event itself', () => expectNothing(write({}, `using ${secret}`)))

  test('any object, wherever it is in it', () => {
    const place = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 8 },
        fc.constant(secret),
        fc.string().map((text) => text + secret + text),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
        fc.anything(),
      ),
    }))
    fc.assert(fc.property(place.node, (value) => expectNothing(write({ value }))))
  })
})

describe('[127] [250] what nobody told the log is secret, but looks so, is not written either', () => {
  test.each<[name: string, fields: LogFields, hidden: string]>([
    ['an ID token', { note: `got ${token}.` }, 'eyJzdWIi'],
    ['a bearer token', { header: 'Bearer abc.def-ghi' }, 'abc.def'],
    ['basic credentials', { header: 'Basic dXNlcjpwYXNz' }, 'dXNlcjpw'],
    ['an authorization header', { headers: { Authorization: 'opaque-text' } }, 'opaque-text'],
    ['cookies', { 'set-cookie': ['opaque-text'] }, 'opaque-text'],
    ['a code of OAuth', { code: 'SplxlOBeZQQYbYS6WxSbIA' }, 'SplxlOB'],
    ['a token by name', { body: { access_token: 'opaque-text' } }, 'opaque-text'],
    ['who a token is about', { claims: { sub: '110169484474386276334' } }, '1101694844'],
    ['a query without names', { path: '/callback?opaque-text' }, 'opaque-text'],
    ['a query in a path', { path: '/callback?code=opaque-text&state=y' }, 'opaque-text'],
    ['a fragment', { note: '/#id_token=opaque-text' }, 'opaque-text'],
    ['an assignment in a text', { note: 'password=opaque-text' }, 'opaque-text'],
    ['the password of a database', { note: 'postgres://user:opaque-text@host/db' }, 'opaque-text'],
    ['a key file', { note: `-----BEGIN ${'PRIVATE'} KEY-----\nopaque-text\n` }, 'opaque-text'],
  ])('%s', (_, fields, hidden) => expect(write(fields)).not.toContain(hidden))

  test('the password inside of a database address that the settings know', () => {
    const lines: string[] = []
    const secrets = ['postgres://user:p%40ssphrase@host/db']
    createLog({ service: 'test', secrets, write: (line) => void lines.push(line) }).info('x', {
      note: 'p@ssphrase p%40ssphrase',
    })
    expect(lines.join('')).not.toMatch(/ssphrase/)
  })
})

describe('what is for the log is in it', () => {
  test('fields, names of errors, their code, where they come from', () => {
    const entry = entryOf({
      issuer: 'https://accounts.example/path',
      kid: 'k',
      status: 200,
      error: new OutboundError('size', 'big'),
    })
    expect(entry).toMatchObject({ issuer: 'https://accounts.example', kid: 'k', status: 200 })
    expect(entry.error).toMatchObject({
      code: 'SERVICE_OUTBOUND_REFUSED',
      name: 'Service.OutboundError',
      problem: 'size',
    })
    expect(isRekeyError(new OutboundError('size', 'big'), 'SERVICE_OUTBOUND_REFUSED')).toBe(true)
  })

  test('fields of a log that is about something are in each line', () => {
    const lines: string[] = []
    const log = createLog({ service: 'test', write: (line) => void lines.push(line) }).with({ requestId: 'r' })
    log.warn('one')
    log.debug('not written')
    log.alarm('two', { requestId: 's' })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', requestId: 'r' },
      { level: 'alarm', requestId: 's' },
    ])
  })

  test('nothing can pass for a level, a time or a service', () => {
    expect(entryOf({ level: 'alarm', time: 'never', service: 'other' })).toMatchObject({
      level: 'info',
      service: 'test',
    })
  })
})

describe('[272] a line stays a line', () => {
  test.each(['\n{"level":"alarm"}', '\r', '\u001b[2J', '\u0085', '\u2028', '\u009b31m', '\ud800'])('%j', (text) => {
    const line = write({ note: `a${text}b` })
    expect(line.split(/[\n\r\u0085\u2028\u2029]/)).toEqual([expect.any(String), ''])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(line).not.toMatch(/[\u0000-\u0009\u007f-\u009f\ud800-\udfff]/)
  })

  test('of a megabyte only its length is written, of deep and wide objects a part', () => {
    expect(write({ note: 'x'.repeat(1_000_000) }).length).toBeLessThan(300)
    let shared: unknown = ['z'.repeat(10)]
    for (let depth = 0; depth < 6; depth += 1) shared = Array.from({ length: 50 }, () => shared)
    expect(write({ shared }).length).toBeLessThan(10_000)
    expect(write({ list: Array.from({ length: 10_000 }, () => ['y'.repeat(10)]) }).length).toBeLessThan(5_000)
  })
})
