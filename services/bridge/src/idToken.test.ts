import { generateKeyPairSync } from 'node:crypto'
import { compactVerify, importJWK } from 'jose'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { signIdToken, withLowS } from './idToken.ts'
import { readSigningKey, signingJwk } from './signingKey.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const jwk = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'k' }
const claims = {
  issuer: 'https://bridge.example.com',
  subject: 'x|12',
  audience: 'app',
  nonce: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  issuedAt: 2_000_000_000,
}

test('[J37] a token is signed with s in the lower half, each time', async () => {
  const key = await readSigningKey(v.parse(signingJwk, jwk))
  const publicKey = await importJWK(key.publicJwk, 'ES256')
  for (let count = 0; count < 24; count++) {
    const token = await signIdToken(claims, key)
    const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url')
    expect(signature).toHaveLength(64)
    expect(BigInt(`0x${signature.subarray(32).toString('hex')}`)).toBeLessThanOrEqual(order / 2n)
    const { payload, protectedHeader } = await compactVerify(token, publicKey)
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'k' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({
      iss: 'https://bridge.example.com',
      sub: 'x|12',
      aud: 'app',
      nonce: claims.nonce,
      iat: 2_000_000_000,
      exp: 2_000_000_300,
    })
  }
})

test('[J37] both forms of a signature come out as the lower one', () => {
  const formOf = (s: bigint): string =>
    Buffer.from(`${'11'.repeat(32)}${s.toString(16).padStart(64, '0')}`, 'hex').toString('base64url')
  for (const s of [1n, 255n, order / 2n]) {
    expect(withLowS(formOf(s))).toBe(formOf(s))
    expect(withLowS(formOf(order - s))).toBe(formOf(s))
  }
})

test('what the bridge shows of its key has no private part', async () => {
  const { publicJwk } = await readSigningKey(v.parse(signingJwk, jwk))
  expect(Object.keys(publicJwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test.each<[name: string, wrong: Readonly<Record<string, unknown>>]>([
  ['[J65] RSA', { kty: 'RSA' }],
  ['[J65] on another curve', { crv: 'P-384' }],
  ['without a name', { kid: undefined }],
  ['public', { d: undefined }],
  ['with a short coordinate', { x: 'AQ' }],
])('a key that is %s is none', (_, wrong) => {
  expect(v.safeParse(signingJwk, { ...jwk, ...wrong }).success).toBe(false)
})

test('a key whose halves do not belong together is none', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  await expect(readSigningKey(v.parse(signingJwk, { ...jwk, d: other.d }))).rejects.toThrow()
})
