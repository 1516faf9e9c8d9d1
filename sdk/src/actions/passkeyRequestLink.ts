import { type Address, concat, getAddress, type Hex, hexToString, keccak256, size, slice, stringToHex } from 'viem'
import { createCursor, uint } from '../encoding/cursor.ts'
import { isRekeyError } from '../errors/base.ts'
import { InvalidPasskeyRequestError } from '../errors/passkeys.ts'
import { statelessIndex } from '../webauthn/assertion.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import {
  type CredentialRecord,
  credentialCommitment,
  credentialFlags,
  toCredential,
  toOriginHash,
} from '../webauthn/credential.ts'
import { decodeAssertion } from '../webauthn/decodeAssertion.ts'

/** A passkey of another domain that asks to become one of the account's; nothing in it is secret. */
export type PasskeyRequest = {
  readonly account: Address
  /** The new passkey, on its own domain. */
  readonly passkey: CredentialRecord
  /** What its device shows; given by whoever asks. */
  readonly name: string
  /** Unix seconds by the chains' clock. */
  readonly expiresAt: number
  /** The new passkey's assertion that it belongs to the account. */
  readonly possession: Hex
}

const linkKey = 'add-passkey='
const version = 1
const subject = 'passkey request'
const checksumSize = 4
const maxNameSize = 64

/**
 * Returns 32 bytes that stand for a request: people compare them, as words, on both screens.
 *
 * @example
 * recoveryPhrase(passkeyRequestDigest(request)) // 'maple otter comet linen'
 */
export function passkeyRequestDigest(request: PasskeyRequest): Hex {
  return keccak256(encode(request))
}

/**
 * Puts a request into the fragment of a page's address, which does not reach the page's server; short enough for a QR code.
 *
 * @param page - The page of the first domain that asks for approval.
 */
export function toPasskeyRequestLink(page: string, request: PasskeyRequest): string {
  const bytes = encode(request)
  const url = new URL(page)
  url.hash =
    linkKey + toBase64Url(createCursor(concat([bytes, slice(keccak256(bytes), 0, checksumSize)]), subject).rest())
  return url.href
}

/**
 * Reads a request from a link and checks that its parts belong together, and that its domain is one that a person can
 * read. Whether the passkey can sign is for the chains to say: see {@link approvePasskey}.
 *
 * @throws {InvalidPasskeyRequestError} naming what is wrong.
 * @example
 * const request = readPasskeyRequest(window.location.href)
 */
export function readPasskeyRequest(link: string): PasskeyRequest {
  try {
    const request = decode(link)
    const problem = findDomainProblem(request.passkey)
    if (problem) throw new InvalidPasskeyRequestError('domain', problem)
    checkAgreement(request)
    return request
  } catch (error) {
    if (isRekeyError(error, 'PASSKEY_REQUEST_INVALID')) throw error
    throw new InvalidPasskeyRequestError('format', 'it is cut or changed', error)
  }
}

/** Cuts a name to what a request carries, at a whole character. */
export function cutName(name: string): string {
  let cut = ''
  for (const character of name.trim()) {
    if (size(stringToHex(cut + character)) > maxNameSize) break
    cut += character
  }
  return cut
}

function encode({ account, passkey, name, expiresAt, possession }: PasskeyRequest): Hex {
  return concat([
    uint(version, 1, subject),
    account.toLowerCase() as Address,
    uint(expiresAt, 5, subject),
    text(passkey.rpId),
    text(name),
    bytes(passkey.id),
    uint(passkey.origins.length, 1, subject),
    ...passkey.origins.map(text),
    bytes(possession),
  ])
}

function decode(link: string): PasskeyRequest {
  const fragment = link.slice(link.indexOf('#') + 1)
  if (!fragment.startsWith(linkKey)) throw new InvalidPasskeyRequestError('format', 'the link carries none')
  const packed = fromBase64Url(fragment.slice(linkKey.length))
  const content = packed.subarray(0, Math.max(0, packed.length - checksumSize))
  const cursor = createCursor(content, subject)
  const seen = cursor.number(1)
  if (seen !== version) throw new InvalidPasskeyRequestError('version', `it is ${seen}, not ${version}`)
  const checksum = createCursor(packed.subarray(content.length), subject).hex(checksumSize)
  if (slice(keccak256(content), 0, checksumSize) !== checksum)
    throw new InvalidPasskeyRequestError('checksum', 'it does not fit')

  const readText = (): string => hexToString(cursor.hex(cursor.number(1)))
  const account = getAddress(cursor.hex(20))
  const expiresAt = cursor.number(5)
  const rpId = readText()
  const name = readText()
  const id = cursor.hex(cursor.number(2))
  const origins = Array.from({ length: cursor.number(1) }, readText)
  const possession = cursor.hex(cursor.number(2))
  cursor.end()
  if (possession === '0x') throw new InvalidPasskeyRequestError('possession', 'there is none')
  const { publicKey, flags } = decodeAssertion(possession)
  return { account, passkey: { id, publicKey, rpId, origins, flags }, name, expiresAt, possession }
}

/** A domain is shown to the person who decides: what is shown must be what the passkey obeys. */
function findDomainProblem({ rpId, origins }: CredentialRecord): string | undefined {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(rpId)) return 'its name is not a plain domain name'
  for (const origin of origins) {
    const url = URL.parse(origin)
    const isLocal = url?.protocol === 'http:' && /(^|\.)localhost$/.test(url.hostname)
    if (!url || url.origin !== origin || !(url.protocol === 'https:' || isLocal)) return 'an origin is no secure page'
    if (url.hostname !== rpId && !url.hostname.endsWith(`.${rpId}`)) return 'an origin is of another domain'
  }
  return undefined
}

/** The proof must be over this very passkey, and the passkey must obey the rules of all others. */
function checkAgreement({ passkey, possession }: PasskeyRequest): void {
  if (passkey.flags !== credentialFlags.userVerification)
    throw new InvalidPasskeyRequestError('rules', 'the passkey would sign without verifying its user, or inside frames')
  const { commitment, index, proof } = decodeAssertion(possession)
  if (index !== statelessIndex || proof) throw new InvalidPasskeyRequestError('possession', 'it is of another kind')
  if (passkey.origins.length === 0 || new Set(passkey.origins.map(toOriginHash)).size !== passkey.origins.length)
    throw new InvalidPasskeyRequestError('domain', 'it names no origin, or one twice')
  if (credentialCommitment(toCredential(passkey)) !== commitment)
    throw new InvalidPasskeyRequestError('possession', 'another passkey made it')
}

function text(value: string): Hex {
  const encoded = stringToHex(value)
  return concat([uint(size(encoded), 1, subject), encoded])
}

function bytes(value: Hex): Hex {
  return concat([uint(size(value), 2, subject), value])
}
