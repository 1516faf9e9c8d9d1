import { createECDH, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJwks } from './readJwks.ts'

const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rsa: JsonWebKey = { ...rsaKeys.publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig', alg: 'RS256' }
const ec: JsonWebKey = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid: 'ec',
}
const secp256k1 = createECDH('secp256k1').generateKeys()
const read = (...keys: readonly unknown[]) => readJwks(JSON.stringify({ keys }))

test('keys that the contracts verify are read, with alg, use and key_ops or without', () => {
  const { alg: _, use: __, ...bare } = rsa
  const { keys, problems } = read(rsa, ec, { ...bare, kid: 'bare' }, { ...ec, kid: 'ops', key_ops: ['verify'] })
  expect(keys.map(({ kid, key }) => [kid, key.algorithm])).toEqual([
    ['rsa', 'RS256'],
    ['ec', 'ES256'],
    ['bare', 'RS256'],
    ['ops', 'ES256'],
  ])
  expect(problems).toEqual([])
})

describe('keys that are not for the contracts are left, and nobody is woken', () => {
  test.each<[name: string, jwk: unknown]>([
    ['[J65] a secret shared by both sides', { kty: 'oct', k: 'c2VjcmV0', kid: 'k' }],
    ['[J65] for PS256', { ...rsa, alg: 'PS256' }],
    ['[J65] for ES384', { ...ec, alg: 'ES384' }],
    ['[J65] for encryption', { ...rsa, use: 'enc' }],
    ['[J65] for signing', { ...rsa, key_ops: ['verify', 'sign'] }],
    ['[J65] [106] with exponent 3', { ...rsa, e: 'Aw' }],
    ['[J65] [106] with exponent 65537 in another spelling', { ...rsa, e: 'AAEAAQ' }],
    ['[J32] [106] of 1024 bits', { ...rsa, n: Buffer.alloc(128, 0xc1).toString('base64url') }],
    ['[J32] [106] even', { ...rsa, n: Buffer.alloc(256, 0xc2).toString('base64url') }],
    [
      '[J32] [106] with a zero before it',
      { ...rsa, n: Buffer.concat([Buffer.alloc(1), Buffer.alloc(255, 0xc1)]).toString('base64url') },
    ],
    ['of another curve', { ...ec, crv: 'secp256k1' }],
    [
      '[J37] not on the curve that it names',
      {
        ...ec,
        x: secp256k1.subarray(1, 33).toString('base64url'),
        y: secp256k1.subarray(33).toString('base64url'),
      },
    ],
    ['of another kind', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', kid: 'k' }],
    ['[J22] without a name', { ...rsa, kid: undefined }],
    ['[J22] with an empty name', { ...rsa, kid: '' }],
    ['[J22] with a name of 129 characters', { ...rsa, kid: 'k'.repeat(129) }],
    ['[J22] with a quote in its name', { ...rsa, kid: 'k"' }],
    ['[J22] with a backslash in its name', { ...rsa, kid: 'k\\' }],
    ['[J66] with a NUL in its name', { ...rsa, kid: 'k\u0000' }],
    ['[J66] with a letter that looks like another', { ...rsa, kid: 'к' }],
    ['with a number for a name', { ...rsa, kid: 7 }],
  ])('%s', (_, jwk) => {
    const { keys, skipped, problems } = read(jwk, { ...ec, kid: 'good' })
    expect([keys.map(({ kid }) => kid), skipped.length, problems]).toEqual([['good'], 1, []])
  })
})

describe('what somebody has to look at', () => {
  test.each<[name: string, text: string, code: string]>([
    ['[J67] a page', '<html></html>', 'LIST_UNREADABLE'],
    ['[J67] nothing', '', 'LIST_UNREADABLE'],
    ['[J67] no list', '{}', 'LIST_UNREADABLE'],
    ['[J67] a list of something else', '{"keys":["key"]}', 'LIST_UNREADABLE'],
    ['[J67] a list in a list', '{"keys":[[]]}', 'LIST_UNREADABLE'],
    ['[J67] an empty list', '{"keys":[]}', 'LIST_EMPTY'],
    ['[J67] 101 keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ({})) }), 'LIST_TOO_LARGE'],
  ])('%s', (_, text, code) => {
    expect(readJwks(text)).toEqual({ keys: [], skipped: [], problems: [expect.objectContaining({ code })] })
  })

  test('[J67] two keys of one name: neither is signed for, whichever comes first', () => {
    for (const twice of [
      [rsa, { ...ec, kid: 'rsa' }],
      [{ ...rsa, use: 'enc' }, rsa],
      [rsa, rsa],
    ]) {
      const { keys, problems } = read(...twice, ec)
      expect(keys.map(({ kid }) => kid)).toEqual(['ec'])
      expect(problems.map(({ code, kid }) => [code, kid])).toContainEqual(['KEY_DUPLICATE', 'rsa'])
    }
  })

  test('a list with the private half of a key: that key is not signed for', () => {
    const exposed = { ...rsaKeys.privateKey.export({ format: 'jwk' }), kid: 'rsa' }
    const { keys, problems } = read(exposed, ec)
    expect(keys.map(({ kid }) => kid)).toEqual(['ec'])
    expect(problems).toEqual([expect.objectContaining({ code: 'KEY_EXPOSED', kid: 'rsa' })])
  })
})

test('whatever an issuer answers, reading it does not fail', () => {
  const jwk = fc.record(
    {
      kty: fc.constantFrom('RSA', 'EC', 'oct'),
      kid: fc.anything(),
      n: fc.anything(),
      e: fc.anything(),
      x: fc.anything(),
    },
    { requiredKeys: [] },
  )
  const answers = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(jwk).map((keys) => JSON.stringify({ keys })),
  )
  fc.assert(
    fc.property(answers, (text) => {
      expect(readJwks(text).keys).toEqual([])
    }),
  )
})
