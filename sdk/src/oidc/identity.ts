import { type Address, concat, type Hex, hashStruct } from 'viem'
import { createCursor, expectSize, uint } from '../encoding/cursor.ts'
import { EncodingError } from '../errors/encoding.ts'

/** Somebody at an issuer, as an account's policy commits to them. */
export type OidcIdentity = {
  /** As in the tokens' `iss`. */
  readonly issuer: string
  /** Client ids whose tokens count, 1 to 4, in this order for ever. */
  readonly audiences: readonly string[]
  /** As in the tokens' `sub`. */
  readonly subject: string
  /** 32 random bytes. */
  readonly salt: Hex
  /** Hashes of the issuer's keys, 1 to 8, if the account trusts no registry to tell them. */
  readonly keys?: readonly Hex[] | undefined
}

/** What the guardian's signer holds after the address of OidcRecoveryValidator. */
export type OidcKeyOfGuardian = {
  /** OidcKeyRegistry, or the zero address with pinned keys. */
  readonly registry: Address
  /** The identity's hash. */
  readonly identity: Hex
}

export const oidcLimits = { audiences: 4, audience: 255, keys: 8 } as const

const fields = [
  { name: 'issuer', type: 'string' },
  { name: 'audiences', type: 'string[]' },
  { name: 'subject', type: 'string' },
  { name: 'salt', type: 'bytes32' },
] as const

const types = {
  OidcIdentity: fields,
  PinnedOidcIdentity: [...fields, { name: 'keys', type: 'bytes32[]' }],
} as const

const subject = 'OpenID Connect identity'

/**
 * Returns the hash that a policy keeps of an identity: its EIP-712 hashStruct.
 *
 * @throws {EncodingError} when it has too many audiences or keys, or none.
 * @see SPEC §10, OidcRecoveryValidator
 */
export function oidcIdentityHash(identity: OidcIdentity): Hex {
  const { keys } = identity
  checkCount(identity.audiences, oidcLimits.audiences, 'audiences')
  if (keys) checkCount(keys, oidcLimits.keys, 'keys')
  const { issuer, audiences, subject: sub, salt } = identity
  const message = { issuer, audiences: [...audiences], subject: sub, salt: expectSize(salt, 32, subject) }
  if (!keys) return hashStruct({ types, primaryType: 'OidcIdentity', data: message })
  return hashStruct({ types, primaryType: 'PinnedOidcIdentity', data: { ...message, keys: [...keys] } })
}

/** Packs the key of the guardian's ERC-7913 signer. */
export function encodeOidcKey({ registry, identity }: OidcKeyOfGuardian): Hex {
  return concat([expectSize(registry, 20, subject), expectSize(identity, 32, subject)])
}

/** Unpacks {@link encodeOidcKey}. */
export function decodeOidcKey(key: Hex): OidcKeyOfGuardian {
  const cursor = createCursor(key, subject)
  const decoded = { registry: cursor.hex(20) as Address, identity: cursor.hex(32) }
  cursor.end()
  return decoded
}

/** Packs a list behind its length in one byte. */
export function packAudiences(audiences: readonly string[]): Hex {
  checkCount(audiences, oidcLimits.audiences, 'audiences')
  const encoder = new TextEncoder()
  const items = audiences.map((audience): Hex => {
    const bytes = encoder.encode(audience)
    if (bytes.length === 0 || bytes.length > oidcLimits.audience)
      throw new EncodingError(subject, `an audience has 1 to ${oidcLimits.audience} bytes`)
    return concat([uint(bytes.length, 1, subject), `0x${Array.from(bytes, hexByte).join('')}`])
  })
  return concat([uint(audiences.length, 1, subject), ...items])
}

/** Packs pinned keys behind their number. */
export function packKeys(keys: readonly Hex[]): Hex {
  checkCount(keys, oidcLimits.keys, 'keys')
  return concat([uint(keys.length, 1, subject), ...keys.map((key) => expectSize(key, 32, subject))])
}

function checkCount(list: readonly unknown[], most: number, name: string): void {
  if (list.length === 0 || list.length > most) throw new EncodingError(subject, `it has 1 to ${most} ${name}`)
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
