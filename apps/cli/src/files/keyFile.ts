import { type CredentialRecord, credentialFlags, fromBase64Url, toCredential } from '@rekey/sdk/webauthn'
import { type Address, bytesToBigInt, getAddress, isAddress, isHex } from 'viem'
import { FileError } from '../errors.ts'
import { isWholeKey, type SoftwareKey } from '../keys/softwareKey.ts'
import { readJson, writeNew } from './files.ts'

const type = 'rekey software passkey'

/** A key file: the key, and the account that it is for. */
export type KeyFile = { readonly key: SoftwareKey; readonly account: Address }

/** Writes a key to a new file that only its owner can read. */
export async function writeKeyFile(file: string, { key, account }: KeyFile): Promise<void> {
  const content = {
    version: 1,
    type,
    note: 'Whoever has this file has the account. Keep it where only you can read it.',
    account,
    ...key,
  }
  await writeNew(file, `${JSON.stringify(content, undefined, 2)}\n`, 0o600)
}

/** @throws {FileError} when it is no key file; nothing in it is repeated. */
export async function readKeyFile(file: string): Promise<KeyFile> {
  const content = await readJson(file)
  const field = (name: string): unknown =>
    typeof content === 'object' && content !== null ? Reflect.get(content, name) : undefined
  const [id, rpId, origins, account] = [field('id'), field('rpId'), field('origins'), field('account')]
  const privateKey = field('privateKey')
  if (
    field('version') !== 1 ||
    field('type') !== type ||
    !isHex(id) ||
    typeof rpId !== 'string' ||
    !isTexts(origins) ||
    typeof account !== 'string' ||
    !isAddress(account) ||
    !isJwk(privateKey)
  )
    throw new FileError(file, 'it is no key file of this command')
  const key: SoftwareKey = { id, rpId, origins, privateKey }
  if (!isWholeKey(key)) throw new FileError(file, 'the key in it is damaged')
  return { key, account: getAddress(account) }
}

/** Returns what an account stores of a key, and what it takes to sign with it. */
export function toCredentialRecord({ id, rpId, origins, privateKey }: SoftwareKey): CredentialRecord {
  const [x, y] = [privateKey.x, privateKey.y].map((coordinate) => bytesToBigInt(fromBase64Url(coordinate)))
  const record = { id, rpId, origins, publicKey: { x: x ?? 0n, y: y ?? 0n }, flags: credentialFlags.userVerification }
  toCredential(record)
  return record
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function isJwk(value: unknown): value is SoftwareKey['privateKey'] {
  if (typeof value !== 'object' || value === null) return false
  const { kty, crv, x, y, d } = value as Partial<Record<string, unknown>>
  return kty === 'EC' && crv === 'P-256' && [x, y, d].every((part) => typeof part === 'string')
}
