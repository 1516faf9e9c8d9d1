import { bytesToHex, concat, keccak256, stringToBytes, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { statedEvidence } from '../recovery/evidence/statedEvidence.ts'
import { toBase64Url } from '../webauthn/base64url.ts'
import {
  encodeOidcProof,
  type IssuerKey,
  isSameSignIn,
  issuerKeyHash,
  issuerKeyId,
  oidcGuardian,
  parseIdToken,
  proofExpiry,
} from './index.ts'

const issuer = 'https://accounts.google.com'
const registry = '0x00000000000000000000000000000000000000aa'
const who = { issuer, audiences: ['client', 'second'], subject: 'grace', registry } as const
const salt = keccak256('0x5a')

/** An approval by somebody who has signed in, as it is delivered. */
function proofOf(key: IssuerKey, keys?: readonly `0x${string}`[]) {
  const isEs256 = key.algorithm === 'ES256'
  const encode = (value: object): string => toBase64Url(stringToBytes(JSON.stringify(value)))
  const header = encode({ alg: key.algorithm, kid: 'k1' })
  const claims = encode({ iss: issuer, aud: 'client', sub: 'grace', nonce: 'n'.repeat(43), iat: 1_000, exp: 4_600 })
  const signature = toBase64Url(new Uint8Array(isEs256 ? 64 : 256).fill(1))
  const token = parseIdToken(`${header}.${claims}.${signature}`)
  return encodeOidcProof({ identity: { salt, audiences: who.audiences, keys }, token, key })
}

const rsa: IssuerKey = { algorithm: 'RS256', key: bytesToHex(new Uint8Array(256).fill(0xc1)) }
const ec: IssuerKey = { algorithm: 'ES256', key: bytesToHex(new Uint8Array(64).fill(0xc2)) }

test.each([rsa, ec])(
  'an approval by a sign-in says until when it counts, and which key signed it: $algorithm',
  (key) => {
    const guardian = oidcGuardian({ ...who, salt })
    expect(proofExpiry(guardian, proofOf(key))).toBe(4_600)
    expect(statedEvidence(guardian.signer, proofOf(key))).toBe(issuerKeyId(issuer, 'k1'))
    const keys = [issuerKeyHash(rsa), issuerKeyHash(ec)]
    const { registry: _, ...bare } = who
    const pinned = oidcGuardian({ ...bare, keys, salt })
    expect(pinned.signer).toContain(zeroAddress.slice(2))
    expect(proofExpiry(pinned, proofOf(key, keys))).toBe(4_600)
    expect(statedEvidence(pinned.signer, proofOf(key, keys))).toBe(issuerKeyHash(key))
  },
)

test('what is no approval by a sign-in is refused, and states nothing', () => {
  const guardian = oidcGuardian({ ...who, salt })
  for (const damaged of [
    '0x',
    '0x00',
    proofOf(rsa).slice(0, 200),
    concat([salt, '0x00', '0x0002', '0x7b7d', '0x00025b5d']),
  ])
    expect(() => proofExpiry(guardian, damaged as `0x${string}`)).toThrow('proof of a sign-in')
  expect(statedEvidence(guardian.signer, '0x00')).toBeUndefined()
  expect(statedEvidence(registry, proofOf(rsa))).toBeUndefined()
})

test('one account that is named twice is one person, whatever its salt', () => {
  const once = oidcGuardian(who)
  expect(isSameSignIn(once, who)).toBe(true)
  expect(once.signer).not.toBe(oidcGuardian(who).signer)
  expect(isSameSignIn(once, { issuer, subject: 'mallory' })).toBe(false)
  expect(isSameSignIn(once, { issuer: `${issuer}/`, subject: 'grace' })).toBe(false)
  expect(isSameSignIn({ ...once, notes: [] }, who)).toBe(false)
})
