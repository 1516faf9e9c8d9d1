import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { bytesToHex, hexToBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { writeAttested, writeAuthenticatorData, writeDer, writeSpki } from '../testing/authenticatorBytes.ts'
import { encodeCbor, join } from '../testing/cborEncode.ts'
import { parseAuthenticatorData } from './authenticatorData.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { parseClientData } from './clientData.ts'
import { toRpIdHash } from './credential.ts'
import { isOnCurve, n, p } from './p256.ts'
import { parsePublicKey } from './publicKey.ts'
import { parseSignature, toLowS } from './signature.ts'

const privateKey = fc.uint8Array({ minLength: 48, maxLength: 48 }).map((seed) => p256.utils.randomSecretKey(seed))
const key = p256.utils.randomSecretKey(new Uint8Array(48).fill(7))
const scalar = fc.bigInt({ min: 1n, max: n - 1n })

describe('parsePublicKey', () => {
  test('reads the same point from SPKI, SEC1 and COSE', () => {
    fc.assert(
      fc.property(privateKey, (secret) => {
        const { x, y } = p256.Point.fromBytes(p256.getPublicKey(secret)).toAffine()
        const cose = writeAttested(new Uint8Array(16), new Uint8Array(16), secret).subarray(34)
        for (const bytes of [
          writeSpki(secret),
          p256.getPublicKey(secret, false),
          p256.getPublicKey(secret, true),
          cose,
        ])
          expect(parsePublicKey(bytes)).toEqual({ x, y })
      }),
      { numRuns: 20 },
    )
  })

  test('[5] refuses points off the curve, zero, and coordinates beyond the field', () => {
    const { x, y } = p256.Point.fromBytes(p256.getPublicKey(key)).toAffine()
    expect(isOnCurve({ x, y })).toBe(true)
    const bad = [
      { x: 0n, y: 0n },
      { x, y: y + 1n },
      { x: x + 1n, y },
      { x, y: y + p },
      { x: x + p, y },
      { x: p, y },
      { x, y: -y },
    ]
    for (const point of bad) expect(isOnCurve(point)).toBe(false)
    const sec1 = p256.getPublicKey(key, false)
    sec1[64] = (sec1[64] ?? 0) ^ 1
    expect(() => parsePublicKey(sec1)).toThrow(/not a point of the curve/)
  })

  test('refuses other algorithms, curves, sizes and formats', () => {
    const cose = (entries: [number, number | Uint8Array][]): Uint8Array => encodeCbor(new Map(entries))
    const [x, y] = [p256.getPublicKey(key, false).subarray(1, 33), p256.getPublicKey(key, false).subarray(33)]
    const bad = [
      cose([
        [1, 3],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]),
      cose([
        [1, 2],
        [3, -257],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]),
      cose([
        [1, 2],
        [3, -7],
        [-1, 2],
        [-2, x],
        [-3, y],
      ]),
      cose([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
      ]),
      cose([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y.subarray(1)],
      ]),
      cose([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
        [-4, x],
      ]),
      join([
        cose([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, x],
          [-3, y],
        ]),
        Uint8Array.of(0),
      ]),
      p256.getPublicKey(key, false).subarray(1),
      new Uint8Array(33).fill(2, 0, 1).fill(0xff, 1),
      new Uint8Array(0),
    ]
    for (const bytes of bad) expect(() => parsePublicKey(bytes)).toThrow()
  })
})

describe('parseSignature', () => {
  test('[1] both halves of s come out as the lower one', () => {
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const low = parseSignature(writeDer({ r, s }))
        expect(low).toEqual(parseSignature(writeDer({ r, s: n - s })))
        expect(low.s <= n / 2n && low.r === r && (low.s === s || low.s === n - s)).toBe(true)
      }),
    )
  })

  test('[2] half of the order of P-256 is the border, not that of secp256k1', () => {
    const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n
    expect(toLowS({ r: 1n, s: half })).toEqual({ r: 1n, s: half })
    expect(toLowS({ r: 1n, s: half + 1n })).toEqual({ r: 1n, s: half })
  })

  test('[3] r and s of zero, of the order and beyond are refused', () => {
    for (const bad of [0n, n, n + 1n, p]) {
      expect(() => toLowS({ r: bad, s: 1n })).toThrow(/out of range/)
      expect(() => parseSignature(writeDer({ r: 1n, s: bad }))).toThrow(/out of range/)
    }
  })

  test('[42] DER that is cut, extended, padded, negative or of another length is refused', () => {
    const der = writeDer({ r: n - 5n, s: n - 9n })
    for (let length = 0; length < der.length; length++) expect(() => parseSignature(der.subarray(0, length))).toThrow()
    expect(() => parseSignature(join([der, Uint8Array.of(0)]))).toThrow(/length/)
    for (const bad of [
      '30060201800201 01',
      '3007020200010201 01',
      '300602010102 0101 00',
      '3081060201010201 01',
      '3006 0200 0202 0001',
      '310602010102 0101',
      '300602010103 0101',
      '3003020101',
    ])
      expect(() => parseSignature(Uint8Array.from(Buffer.from(bad.replaceAll(' ', ''), 'hex')))).toThrow()
    expect(parseSignature(Uint8Array.from(Buffer.from('3006020101020101', 'hex')))).toEqual({ r: 1n, s: 1n })
  })
})

describe('parseAuthenticatorData', () => {
  const rpIdHash = toRpIdHash('example.com')
  const attested = writeAttested(new Uint8Array(16), new Uint8Array(20).fill(9), key)
  const extensions = encodeCbor(new Map([['credProtect', 2]]))

  test('[7] refuses every length but its own', () => {
    for (const parts of [{}, { attested }, { extensions }, { attested, extensions }]) {
      const bytes = writeAuthenticatorData({ rpIdHash, flags: 5, signCount: 3, ...parts })
      expect(parseAuthenticatorData(bytes)).toMatchObject({
        rpIdHash,
        signCount: 3,
        flags: { userPresent: true, userVerified: true },
      })
      for (let length = 0; length < bytes.length; length++)
        expect(() => parseAuthenticatorData(bytes.subarray(0, length))).toThrow()
      expect(() => parseAuthenticatorData(join([bytes, Uint8Array.of(0)]))).toThrow()
    }
  })

  test('[12] attested credential and extensions are read, each by its own flag', () => {
    const data = parseAuthenticatorData(
      writeAuthenticatorData({ rpIdHash, flags: 0, signCount: 0, attested, extensions }),
    )
    expect(data.attestedCredential?.credentialId).toEqual(new Uint8Array(20).fill(9))
    expect(data.extensions).toEqual(new Map([['credProtect', 2]]))
  })

  test('[242] a credential id longer than the standard allows is refused', () => {
    const long = writeAttested(new Uint8Array(16), new Uint8Array(1_024), key)
    expect(() =>
      parseAuthenticatorData(writeAuthenticatorData({ rpIdHash, flags: 0, signCount: 0, attested: long })),
    ).toThrow(/1,023/)
  })
})

describe('parseClientData', () => {
  const fields = '"type":"webauthn.get","challenge":"abc","origin":"https://a.example"'

  test('[20] reads any order, unknown keys and spaces', () => {
    const expected = { type: 'webauthn.get', challenge: 'abc', origin: 'https://a.example', crossOrigin: false }
    for (const json of [
      `{${fields}}`,
      `{${fields},"crossOrigin":false}`,
      `{ "x": [{"type":"no"}], ${fields} }`,
      `{"crossOrigin":false,${fields},"topOrigin":"x"}`,
    ])
      expect(parseClientData(json)).toEqual(expected)
  })

  test('[14] a key inside another value does not count', () => {
    expect(() => parseClientData('{"a":"\\"type\\":\\"webauthn.get\\"","challenge":"abc","origin":"o"}')).toThrow(
      /type/,
    )
  })

  test.each([
    ['[15] a key twice', `{${fields},"challenge":"def"}`],
    ['[249] a key written with escapes', `{${fields},"\\u0063rossOrigin":true}`],
    ['a value written with escapes', '{"type":"webauthn.get","challenge":"\\u0061","origin":"o"}'],
    ['a crossOrigin that is no boolean', `{${fields},"crossOrigin":"true"}`],
    ['a missing origin', '{"type":"webauthn.get","challenge":"abc"}'],
    ['text after the object', `{${fields}} `],
    ['a byte order mark', `\ufeff{${fields}}`],
    ['an array', '[]'],
    ['nothing', ''],
    ['nesting of ten levels', `{${fields},"x":${'['.repeat(10)}${']'.repeat(10)}}`],
    ['[249] a type that is only inherited', '{"__proto__":{"type":"webauthn.get"},"challenge":"abc","origin":"o"}'],
  ])('refuses %s', (_, json) => expect(() => parseClientData(json)).toThrow())
})

describe('base64url', () => {
  test('reads back what was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
      }),
    )
  })

  test('[16] [17] refuses padding, the other alphabet, and bits of no byte', () => {
    for (const text of ['AA==', 'A', '+/AA', 'AB', 'AAF', 'A A', 'AA\n']) expect(() => fromBase64Url(text)).toThrow()
    expect(bytesToHex(fromBase64Url('_-8'))).toBe('0xffef')
    expect(hexToBytes('0xffef')).toEqual(fromBase64Url('_-8'))
  })
})
