import fc from 'fast-check'
import { bytesToHex, concat, type Hex, keccak256, size, toHex, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { placeNotes } from '../encoding/notes.ts'
import { findOidcNote } from '../encoding/oidcNote.ts'
import { type Guardian, noteAddress, type Policy } from '../encoding/policy.ts'
import { toGuardianInputs } from '../recovery/secretGuardians.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import {
  approveWithSignIn,
  decodeOidcKey,
  encodeOidcProof,
  findOidcGuardians,
  findSigningKey,
  type IssuerKey,
  issuerKeyHash,
  oidcGuardian,
  oidcIdentityHash,
  oidcNonce,
  parseIdToken,
  readIssuerKey,
} from './index.ts'

const digest = keccak256('0x01')
const now = 2_000_000_000
const registry = '0x00000000000000000000000000000000000000aa'
const issuer = 'https://accounts.google.com'
const encoder = new TextEncoder()
const key: IssuerKey = { algorithm: 'RS256', key: bytesToHex(new Uint8Array(256).fill(0xc1)) }
const good = { iss: issuer, aud: 'client', sub: 'grace', nonce: oidcNonce(digest), iat: now, exp: now + 3_600 }

/** A token that nobody signed: who did is for the contracts to say. */
function tokenOf(claims: object = good, header: object = { alg: 'RS256', kid: 'k' }, size = 256): string {
  const parts = [
    encoder.encode(JSON.stringify(header)),
    encoder.encode(JSON.stringify(claims)),
    new Uint8Array(size).fill(1),
  ]
  return parts.map(toBase64Url).join('.')
}

function policyOf(guardian: Guardian & { readonly notes?: readonly Hex[] | undefined }): Policy {
  const { notes = [], ...bare } = guardian
  return {
    salt: digest,
    allowsInstantSingle: false,
    windowHours: 48,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }],
    guardians: [bare],
    notes: placeNotes(notes, [bare]),
  }
}

const grace = { issuer, audiences: ['client', 'second'], subject: 'grace', registry } as const

describe('ID tokens', () => {
  test('are taken apart as they were signed', () => {
    const token = tokenOf()
    const parsed = parseIdToken(token)
    expect(parsed).toMatchObject({ algorithm: 'RS256', kid: 'k', issuer, audience: 'client', subject: 'grace' })
    expect(parsed.payload).toBe(bytesToHex(encoder.encode(JSON.stringify(good))))
  })

  test.each<[name: string, token: string, problem: string]>([
    ['[J1] nothing', '', 'form'],
    ['[J2] one part', 'e30', 'form'],
    ['[J2] two parts', 'e30.e30', 'form'],
    ['[J3] four parts', `${tokenOf()}.e30`, 'form'],
    ['[J3] five parts, as encrypted tokens have', `${tokenOf()}.e30.e30`, 'form'],
    ['[J4] padding', tokenOf().replace('.', '=.'), 'form'],
    ['[J5] the other alphabet', tokenOf().replace(/^./, '+'), 'form'],
    ['[J6] both alphabets', tokenOf().replace(/^../, '-/'), 'form'],
    ['[J7] a length that no bytes have', tokenOf().replace(/\.[^.]*\./, '.eyJ9a.'), 'form'],
    ['[J8] [109] spare bits', `${tokenOf().split('.').slice(0, 2).join('.')}.AB`, 'form'],
    ['[J9] a line end', tokenOf().replace('.', '\n.'), 'form'],
    ['[J10] a header of 513 bytes', tokenOf(good, { alg: 'RS256', x: 'x'.repeat(493) }), 'form'],
    ['[J10] claims of more than 2,048 bytes', tokenOf({ ...good, x: 'x'.repeat(2_048) }), 'form'],
    ['[J11] an array', tokenOf([good]), 'form'],
    ['[J17] no algorithm', tokenOf(good, {}), 'algorithm'],
    ['[J17] alg none', tokenOf(good, { alg: 'none' }), 'algorithm'],
    ['[J18] HS256', tokenOf(good, { alg: 'HS256' }), 'algorithm'],
    ['[J17] a name that every object has', tokenOf(good, { alg: 'toString' }), 'algorithm'],
    ['[J22] an empty kid', tokenOf(good, { alg: 'RS256', kid: '' }), 'kid'],
    ['[J29] no signature', tokenOf(good, { alg: 'RS256' }, 0), 'form'],
    ['[J37] an ES256 signature in DER', tokenOf(good, { alg: 'ES256' }, 70), 'form'],
    ['[J40] several audiences', tokenOf({ ...good, aud: ['client'] }), 'claim'],
    ['[J42] a subject that is a number', tokenOf({ ...good, sub: 1 }), 'claim'],
    ['[J43] no nonce', tokenOf({ ...good, nonce: undefined }), 'claim'],
    ['[J51] an end that is a string', tokenOf({ ...good, exp: `${now}` }), 'claim'],
    ['[J51] an end with a fraction', tokenOf({ ...good, exp: now + 0.5 }), 'claim'],
    ['[J51] an end of twelve digits', tokenOf({ ...good, exp: 123_456_789_012 }), 'claim'],
  ])('%s is refused', (_, token, problem) => {
    expect(() => parseIdToken(token)).toThrow(expect.objectContaining({ code: 'OIDC_TOKEN_INVALID', problem }))
  })

  test('no error shows what a token says', () => {
    const secret = 'c2VjcmV0LXN1YmplY3Q'
    for (const token of [`${secret}.${secret}.${secret}`, secret, tokenOf({ ...good, sub: 1, nonce: secret })]) {
      const error = thrownBy(() => parseIdToken(token))
      expect(String(error)).not.toContain(secret)
    }
  })

  test('[J37] both forms of an ES256 signature come out as the lower one', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: order / 2n }), (s) => {
        const forms = [s, order - s].map((value) => {
          const signature = Buffer.from(concat([digest, toHex(value, { size: 32 })]).slice(2), 'hex')
          const head = tokenOf(good, { alg: 'ES256' }, 64).split('.').slice(0, 2)
          return parseIdToken([...head, toBase64Url(signature)].join('.')).signature
        })
        expect(forms).toEqual([forms[0], forms[0]])
      }),
    )
  })
})

describe("issuers' keys", () => {
  const n = toBase64Url(new Uint8Array(256).fill(0xc1))
  const rsa = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', use: 'sig', kid: 'k' }
  const ec = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(new Uint8Array(32).fill(1)),
    y: toBase64Url(new Uint8Array(32).fill(2)),
  }

  test('of the two kinds that are verified are read, whether or not they say for what', () => {
    expect(readIssuerKey(rsa)).toEqual(key)
    expect(readIssuerKey({ kty: 'RSA', n, e: 'AQAB', key_ops: ['verify'] })).toEqual(key)
    expect(readIssuerKey(ec).algorithm).toBe('ES256')
    expect(issuerKeyHash(key)).toBe(keccak256(concat(['0x01', key.key])))
  })

  test.each<[name: string, jwk: Record<string, unknown>]>([
    ['[J65] symmetric', { kty: 'oct', k: 'AQAB' }],
    ['[J65] for PS256', { ...rsa, alg: 'PS256' }],
    ['[J65] for encryption', { ...rsa, use: 'enc' }],
    ['[J65] for signing', { ...rsa, key_ops: ['sign'] }],
    ['[J65] [106] with exponent 3', { ...rsa, e: 'Aw' }],
    ['[J31] with exponent 1', { ...rsa, e: 'AQ' }],
    ['[J31] with a padded exponent', { ...rsa, e: 'AAEAAQ' }],
    ['[J32] of 1024 bits', { ...rsa, n: toBase64Url(new Uint8Array(128).fill(0xc1)) }],
    ['[J32] of 2047 bits', { ...rsa, n: toBase64Url(new Uint8Array(256).fill(0x41)) }],
    ['[J32] of 8192 bits', { ...rsa, n: toBase64Url(new Uint8Array(1_024).fill(0xc1)) }],
    ['[J32] with an even modulus', { ...rsa, n: toBase64Url(new Uint8Array(256).fill(0xc2)) }],
    ['[J32] with a leading zero', { ...rsa, n: toBase64Url(Uint8Array.of(0, ...new Uint8Array(256).fill(0xc1))) }],
    ['[J32] without a modulus', { ...rsa, n: undefined }],
    ['[J37] on another curve', { ...ec, crv: 'P-384' }],
    ['[J37] with a short coordinate', { ...ec, x: 'AQ' }],
    ['[J65] for ES384', { ...ec, alg: 'ES384' }],
  ])('%s are refused', (_, jwk) => {
    expect(() => readIssuerKey(jwk)).toThrow(expect.objectContaining({ code: 'OIDC_KEY_UNSUPPORTED' }))
  })

  test('[105] are found by the name that the token has', () => {
    const jwks = { keys: [{ ...rsa, kid: 'other' }, rsa, 'dirt', null] }
    expect(findSigningKey(jwks, tokenOf())).toEqual(key)
    for (const wrong of [{ keys: [] }, { keys: [rsa, rsa] }, {}, '<html>', null, undefined])
      expect(() => findSigningKey(wrong, tokenOf())).toThrow(expect.objectContaining({ code: 'OIDC_KEY_UNSUPPORTED' }))
  })

  test('[105] without a name only if there is no choice', () => {
    const unnamed = tokenOf(good, { alg: 'RS256' })
    expect(findSigningKey({ keys: [ec, rsa] }, unnamed)).toEqual(key)
    expect(() => findSigningKey({ keys: [rsa, { ...rsa, kid: 'other' }] }, unnamed)).toThrow()
  })
})

describe('a guardian who signs in', () => {
  const guardian = oidcGuardian(grace)
  const policy = policyOf(guardian)
  const approve = (claims: object, more: object = {}) =>
    approveWithSignIn({ policy, digest }, { token: tokenOf(claims), key, now, ...more })

  test('is a salted hash with all else that it takes beside it', () => {
    const [found, ...others] = findOidcGuardians(policy)
    expect(others).toEqual([])
    expect(found).toMatchObject({ guardianIndex: 0, registry, issuer, audiences: grace.audiences })
    expect(JSON.stringify(policy)).not.toContain(bytesToHex(encoder.encode('grace')).slice(2))
    expect(oidcGuardian(grace).signer).not.toBe(guardian.signer)
    expect(guardian).toMatchObject({ kind: 3, needsEvidence: true })
  })

  test('[120] has a salt of 32 random bytes: the same person is another guardian each time', () => {
    const signers = Array.from({ length: 50 }, () => oidcGuardian(grace).signer)
    expect(new Set(signers).size).toBe(50)
    const salts = signers.map(() => findOidcGuardians(policyOf(oidcGuardian(grace)))[0]?.salt ?? '0x')
    expect(new Set(salts).size).toBe(50)
    for (const salt of salts) expect(size(salt)).toBe(32)
  })

  test('[120] is confirmed by whoever knows the person and reads the policy, as its documentation says', () => {
    const [found] = findOidcGuardians(policy)
    if (!found) throw new Error('There is no guardian.')
    expect(oidcIdentityHash({ ...found, subject: grace.subject })).toBe(found.identity)
    expect(oidcIdentityHash({ ...found, subject: 'ida' })).not.toBe(found.identity)
  })

  test('keeps what it takes when the policy is changed', () => {
    const [input] = toGuardianInputs(policy)
    if (!input) throw new Error('The guardian is gone.')
    expect(findOidcGuardians(policyOf(input))).toEqual(findOidcGuardians(policy))
  })

  test('approves with a token that says what it should', () => {
    const { index, signature } = approve(good)
    expect(index).toBe(0)
    const [identity] = findOidcGuardians(policy)
    if (!identity) throw new Error('The guardian is gone.')
    expect(signature).toBe(encodeOidcProof({ identity, token: parseIdToken(tokenOf()), key }))
    expect(approve({ ...good, aud: 'second', azp: 'client' }).index).toBe(0)
  })

  test.each<[name: string, claims: object, mismatch: string]>([
    ['[J43] [113] for something else', { ...good, nonce: oidcNonce(keccak256('0x02')) }, 'nonce'],
    ['[J39] of another issuer', { ...good, iss: `${issuer}/` }, 'issuer'],
    ['[J40] [111] for another app', { ...good, aud: 'other' }, 'audience'],
    ['[J41] by another app of the same owner', { ...good, azp: 'other' }, 'audience'],
    ['[J42] of somebody else', { ...good, sub: 'grace2' }, 'person'],
    ['[J52] that has expired', { ...good, iat: now - 7_200, exp: now - 1 }, 'expired'],
    ['[J97] from the future', { ...good, iat: now + 301 }, 'early'],
    ['[J55] for longer than a day', { ...good, exp: now + 86_401 }, 'lifetime'],
  ])('not with one %s', (_, claims, mismatch) => {
    expect(() => approve(claims)).toThrow(expect.objectContaining({ code: 'OIDC_SIGN_IN_MISMATCH', mismatch }))
  })

  test('[J96] not with personal data, unless told that it may become public', () => {
    const claims = { ...good, email: 'grace@example.org', name: 'Grace' }
    expect(() => approve(claims)).toThrow(
      expect.objectContaining({ code: 'OIDC_PERSONAL_CLAIMS', claims: ['email', 'name'] }),
    )
    expect(approve(claims, { allowsPersonalClaims: true }).index).toBe(0)
  })

  test('[J20] not with a key of another kind or size', () => {
    const wrong: IssuerKey[] = [
      { algorithm: 'ES256', key: bytesToHex(new Uint8Array(64)) },
      { algorithm: 'RS256', key: bytesToHex(new Uint8Array(384)) },
    ]
    for (const other of wrong)
      expect(() => approve(good, { key: other })).toThrow(expect.objectContaining({ mismatch: 'key' }))
  })

  test('[J33] with pinned keys only by one of them', () => {
    const { registry: _, ...somebody } = grace
    const own = oidcGuardian({ ...somebody, keys: [issuerKeyHash(key), digest] })
    expect(decodeOidcKey(`0x${own.signer.slice(42)}`).registry).toBe(zeroAddress)
    const recovery = { policy: policyOf(own), digest }
    expect(approveWithSignIn(recovery, { token: tokenOf(), key, now }).index).toBe(0)
    const other: IssuerKey = { ...key, key: bytesToHex(new Uint8Array(256).fill(0xd1)) }
    expect(() => approveWithSignIn(recovery, { token: tokenOf(), key: other, now })).toThrow(
      expect.objectContaining({ mismatch: 'key' }),
    )
  })

  test('is not found in a policy without its note', () => {
    const bare = { ...policy, notes: [] }
    expect(() => approveWithSignIn({ policy: bare, digest }, { token: tokenOf(), key, now })).toThrow(
      expect.objectContaining({ code: 'OIDC_NOTE_MISSING' }),
    )
  })
})

test('notes of any identity come back from a policy, whatever else is in it; damaged ones do not', () => {
  const text = fc.string({ minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(
      text,
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.array(fc.constant(digest), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (anyIssuer, audiences, keys, isPinned) => {
        const trust = isPinned ? { keys } : { registry: registry as `0x${string}` }
        const other = oidcGuardian({ ...grace, subject: 'ida' })
        const guardian = oidcGuardian({ issuer: anyIssuer, audiences, subject: 'grace', ...trust })
        const policy = policyOf({ ...guardian, notes: [...(other.notes ?? []), ...(guardian.notes ?? [])] })
        expect(findOidcGuardians(policy)).toMatchObject([{ issuer: anyIssuer, audiences, ...trust }])
        const cut =
          policy.notes?.map((note) => (note.startsWith(noteAddress) ? (note.slice(0, -2) as Hex) : note)) ?? []
        const { identity } = decodeOidcKey(`0x${guardian.signer.slice(42)}`)
        expect(findOidcNote({ notes: cut }, identity)).toBeUndefined()
      },
    ),
  )
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}
