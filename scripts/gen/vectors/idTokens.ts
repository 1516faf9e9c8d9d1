import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { p256 } from '@noble/curves/nist.js'
import {
  encodeOidcKey,
  type IssuerKey,
  issuerKeyHash,
  oidcIdentityHash,
  oidcNonce,
  readIssuerKey,
} from '@rekey/sdk/oidc'
import { type Address, bytesToHex, concat, type Hex, keccak256, size, stringToHex, toHex, zeroAddress } from 'viem'

const fixtures: Readonly<Record<string, JsonWebKey>> = JSON.parse(readFileSync(new URL('../../../test/fixtures/oidc/keys.json', import.meta.url), 'utf8'))

/** A key made for these tests. */
export type TestKey = { readonly privateKey: KeyObject; readonly jwk: JsonWebKey; readonly issuerKey: IssuerKey }

export function testKey(name: string): TestKey {
  const secret = fixtures[name]
  if (!secret) throw new Error(`There is no key ${name}.`)
  const privateKey = createPrivateKey({ key: secret, format: 'jwk' })
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  return { privateKey, jwk, issuerKey: readIssuerKey({ ...jwk }) }
}

/** The texts of a token and what signs them; each may be anything. */
export type TokenTexts = { readonly header: string; readonly payload: string; readonly signature: Uint8Array }

/** The compact form (RFC 7515 §7.1). */
export function compact({ header, payload, signature }: TokenTexts): string {
  return [header, payload, signature].map((part) => Buffer.from(part).toString('base64url')).join('.')
}

/** Signs two texts as an issuer would, whatever they say; the same texts give the same signature. */
export function signTexts(header: string, payload: string, { privateKey }: TestKey): TokenTexts {
  const input = Buffer.from(compact({ header, payload, signature: new Uint8Array() }).replace(/\.$/, ''))
  if (privateKey.asymmetricKeyType === 'rsa') return { header, payload, signature: sign('sha256', input, privateKey) }
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  return { header, payload, signature: p256.sign(input, secret, { lowS: true }) }
}

const anySalt = keccak256(stringToHex('rekey test: salt of an identity'))
/** What is approved. */
export const digest = keccak256(stringToHex('rekey test: a recovery'))
export const client = '407408718192-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com'
export const google = 'https://accounts.google.com'
export const person = '110169484474386276334'

/** The claims of a Google token with scope openid; `now` in seconds. */
export function googleClaims(now: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    iss: google,
    azp: client,
    aud: client,
    sub: person,
    nonce: oidcNonce(digest),
    nbf: now - 300,
    iat: now,
    exp: now + 3_600,
    jti: '9b3c2c8e0f3a4d1f8c7b6a5d4e3f2a1b0c9d8e7f',
    ...changes,
  }
}

export const googleHeader = { alg: 'RS256', kid: '91413cf4fa0cb92a3c3f5a054509132c47660937', typ: 'JWT' }

/** A guardian and what approves for it. */
export type Approval = { readonly key: Hex; readonly proof: Hex }

/** An approval as it is packed: by hand, so that nothing is corrected on the way. */
export type RawApproval = {
  readonly header: string | Uint8Array
  readonly payload: string | Uint8Array
  readonly signature: Uint8Array
  /** As it is shown; the guardian's keys are pinned to `issuerKey` unless a registry is named. */
  readonly issuerKey: IssuerKey
  readonly registry?: Address
  /** What the guardian commits to. */
  readonly issuer?: string
  readonly audiences?: readonly string[]
  readonly subject?: string
  readonly salt?: Hex
  /** What is shown instead. */
  readonly shown?: Partial<Shown>
}

type Shown = {
  readonly salt: Hex
  readonly audiences: readonly string[]
  readonly keys: readonly Hex[]
  readonly key: Hex
  readonly signature: Hex
}

/** Packs an approval, and the key of the guardian it is for. */
export function pack(raw: RawApproval): Approval {
  const { issuer = google, audiences = [client], subject = person, salt = anySalt, registry, shown = {} } = raw
  const keys = registry ? [] : [issuerKeyHash(raw.issuerKey)]
  const identity = oidcIdentityHash({ issuer, audiences, subject, salt, ...(registry ? {} : { keys }) })
  const bytes = { salt, audiences, keys, key: raw.issuerKey.key, signature: bytesToHex(raw.signature), ...shown }
  return {
    key: encodeOidcKey({ registry: registry ?? zeroAddress, identity }),
    proof: concat([
      bytes.salt,
      toHex(bytes.audiences.length, { size: 1 }),
      ...bytes.audiences.map((audience) => sized(stringToHex(audience), 1)),
      sized(hexOf(raw.header), 2),
      sized(hexOf(raw.payload), 2),
      ...(registry ? [] : [toHex(bytes.keys.length, { size: 1 }), ...bytes.keys]),
      bytes.key,
      bytes.signature,
    ]),
  }
}

/** Signs two texts and packs them. */
export function approve(header: string, payload: string, key: TestKey, more: Partial<RawApproval> = {}): Approval {
  const { signature } = signTexts(header, payload, key)
  return pack({ header, payload, signature, issuerKey: key.issuerKey, ...more })
}

function sized(bytes: Hex, length: number): Hex {
  return concat([toHex(size(bytes), { size: length }), bytes])
}

function hexOf(text: string | Uint8Array): Hex {
  return typeof text === 'string' ? stringToHex(text) : bytesToHex(text)
}
