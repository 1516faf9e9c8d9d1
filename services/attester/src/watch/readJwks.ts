import { createPublicKey } from 'node:crypto'
import { isRekeyError } from '@rekey/sdk/errors'
import { type IssuerKey, type Jwk, readIssuerKey } from '@rekey/sdk/oidc'
import type { AlarmCode } from '../store/alarms.ts'

/** A key that may be signed for. */
export type ShownKey = { readonly kid: string; readonly key: IssuerKey }

/** What an issuer's list of keys comes to. */
export type JwksReading = {
  readonly keys: readonly ShownKey[]
  /** Keys that are not for the contracts, and why: nothing to worry about. */
  readonly skipped: readonly { readonly kid: string; readonly reason: string }[]
  /** What somebody has to look at. `kid` is absent when it is about the list. */
  readonly problems: readonly JwksProblem[]
}

export type JwksProblem = { readonly code: AlarmCode; readonly kid?: string; readonly detail: string }

const MAX_KEYS = 100
const MAX_KID = 128
/** What {IOidcKeyRegistry} takes as a name. */
const registryName = /^[!#-[\]-~]+$/
/** Members that only private and symmetric keys have (RFC 7518 §6). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** Reads the answer of an issuer's `jwks_uri`. It never throws: what cannot be read is a problem, and has no keys. */
export function readJwks(text: string): JwksReading {
  const entries = entriesOf(text)
  if (entries === undefined) return listProblem('LIST_UNREADABLE', 'It is no list of keys in JSON.')
  if (entries.length === 0) return listProblem('LIST_EMPTY', 'It has no keys.')
  if (entries.length > MAX_KEYS) return listProblem('LIST_TOO_LARGE', `It has more than ${MAX_KEYS} keys.`)
  const counts = new Map<unknown, number>()
  for (const { kid } of entries) counts.set(kid, (counts.get(kid) ?? 0) + 1)
  const keys: ShownKey[] = []
  const skipped: { kid: string; reason: string }[] = []
  const problems: JwksProblem[] = []
  for (const jwk of entries) {
    const name = typeof jwk.kid === 'string' && isRegistryName(jwk.kid) ? jwk.kid : undefined
    if (name === undefined) {
      skipped.push({ kid: '', reason: 'it has no name that a token could carry' })
    } else if ((counts.get(name) ?? 0) > 1) {
      problems.push({ code: 'KEY_DUPLICATE', kid: name, detail: 'Several keys have this name.' })
    } else if (jwk.kty !== 'oct' && privateMembers.some((member) => Object.hasOwn(jwk, member))) {
      problems.push({ code: 'KEY_EXPOSED', kid: name, detail: 'The list has its private half.' })
    } else {
      const result = readKey(jwk)
      if (typeof result === 'string') skipped.push({ kid: name, reason: result })
      else keys.push({ kid: name, key: result })
    }
  }
  return { keys, skipped, problems }
}

function entriesOf(text: string): readonly Jwk[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const keys: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'keys') : undefined
  if (!Array.isArray(keys)) return undefined
  return keys.every(isJwk) ? keys : undefined
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRegistryName(kid: string): boolean {
  return kid.length <= MAX_KID && registryName.test(kid)
}

/** The key, or why it is none for the contracts. */
function readKey(jwk: Jwk): IssuerKey | string {
  try {
    const key = readIssuerKey(jwk)
    // OpenSSL looks whether a point is on the curve.
    const { kty, n, e, crv, x, y } = jwk
    createPublicKey({ key: kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }, format: 'jwk' } as Parameters<
      typeof createPublicKey
    >[0])
    return key
  } catch (error) {
    return isRekeyError(error, 'OIDC_KEY_UNSUPPORTED') ? (error.details ?? error.shortMessage) : 'it is no public key'
  }
}

function listProblem(code: AlarmCode, detail: string): JwksReading {
  return { keys: [], skipped: [], problems: [{ code, detail }] }
}
