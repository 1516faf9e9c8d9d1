import { type Address, getAddress, type Hex, hexToBigInt, isAddress, isHex, numberToHex, size } from 'viem'
import type { Credential } from '../encoding/credential.ts'
import { InvalidRecordError } from '../errors/account.ts'
import { type CredentialRecord, credentialFlags } from '../webauthn/credential.ts'
import { expectOnCurve } from '../webauthn/publicKey.ts'
import type { AccountGenesis } from './genesis.ts'

/** A credential record as JSON. */
export type CredentialRecordJson = Omit<CredentialRecord, 'publicKey'> & {
  readonly publicKey: { readonly x: Hex; readonly y: Hex }
}

/** A credential as JSON. */
export type CredentialJson = Omit<Credential, 'x' | 'y'> & { readonly x: Hex; readonly y: Hex }

/** What an account came from, as JSON. */
export type GenesisJson = Omit<AccountGenesis, 'credential'> & { readonly credential: CredentialJson }

/** Everything a client keeps of an account; nothing in it is secret. */
export type AccountRecord = {
  readonly version: 1
  readonly address: Address
  readonly genesis: GenesisJson
  /** The passkey that signs. */
  readonly credential: CredentialRecordJson
}

/** Writes a credential record as JSON. */
export function toCredentialRecordJson({ publicKey, ...record }: CredentialRecord): CredentialRecordJson {
  return { ...record, publicKey: { x: word(publicKey.x), y: word(publicKey.y) } }
}

/** Writes a genesis as JSON. */
export function toGenesisJson({ credential, ...genesis }: AccountGenesis): GenesisJson {
  return { ...genesis, credential: toCredentialJson(credential) }
}

/** Writes a credential as JSON. */
export function toCredentialJson({ x, y, ...rest }: Credential): CredentialJson {
  return { ...rest, x: word(x), y: word(y) }
}

/**
 * Reads JSON from outside, field by field; each function refuses a field that is missing or of another form.
 *
 * @throws {InvalidRecordError} naming the field.
 */
export type RecordReader = {
  object(key: string): RecordReader
  list(key: string): readonly RecordReader[]
  text(key: string): string
  texts(key: string): readonly string[]
  /** A whole number from 0 to `max`, which by default is the largest that JSON keeps exactly. */
  number(key: string, max?: number): number
  numbers(key: string): readonly number[]
  /** Hexadecimal bytes: this many, or any number of them. */
  hex(key: string, bytes?: number): Hex
  address(key: string): Address
  has(key: string): boolean
}

/** Opens a parsed JSON value for reading. */
export function readRecord(value: unknown, subject: string): RecordReader {
  const refuse = (problem: string): never => {
    throw new InvalidRecordError(subject, problem)
  }
  if (typeof value !== 'object' || value === null) return refuse('it is not an object')
  const get = (key: string): unknown => Reflect.get(value, key)
  const reader: RecordReader = {
    has: (key) => get(key) !== undefined && get(key) !== null,
    object: (key) => readRecord(get(key), `${key} of a ${subject}`),
    list(key) {
      const list = get(key)
      if (!Array.isArray(list)) return refuse(`${key} is not a list`)
      return list.map((item: unknown) => readRecord(item, `${key} of a ${subject}`))
    },
    text(key) {
      const text = get(key)
      return typeof text === 'string' ? text : refuse(`${key} is not a text`)
    },
    texts(key) {
      const list = get(key)
      if (!Array.isArray(list)) return refuse(`${key} is not a list`)
      return list.map((item: unknown) => (typeof item === 'string' ? item : refuse(`${key} has more than texts`)))
    },
    number(key, max = Number.MAX_SAFE_INTEGER) {
      const number = get(key)
      if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
        return refuse(`${key} is not a whole number`)
      return number <= max ? number : refuse(`${key} is more than ${max}`)
    },
    numbers(key) {
      const list = get(key)
      if (!Array.isArray(list)) return refuse(`${key} is not a list`)
      return list.map((_, index) => readRecord(list, `${key} of a ${subject}`).number(String(index)))
    },
    hex(key, bytes) {
      const hex = get(key)
      if (!isHex(hex) || hex.length % 2 !== 0) return refuse(`${key} is not hexadecimal`)
      return bytes === undefined || size(hex) === bytes ? hex : refuse(`${key} has not ${bytes} bytes`)
    },
    address(key) {
      const address = reader.text(key)
      return isAddress(address, { strict: false }) ? getAddress(address) : refuse(`${key} is not an address`)
    },
  }
  return reader
}

const maxFlags = credentialFlags.userVerification | credentialFlags.crossOrigin

/** Reads a credential record. */
export function readCredentialRecord(reader: RecordReader): CredentialRecord {
  const key = reader.object('publicKey')
  return {
    id: reader.hex('id'),
    publicKey: expectOnCurve({ x: hexToBigInt(key.hex('x', 32)), y: hexToBigInt(key.hex('y', 32)) }),
    rpId: reader.text('rpId'),
    origins: reader.texts('origins'),
    flags: reader.number('flags', maxFlags),
  }
}

/** Reads a credential. */
export function readCredential(reader: RecordReader): Credential {
  return {
    x: hexToBigInt(reader.hex('x', 32)),
    y: hexToBigInt(reader.hex('y', 32)),
    rpIdHash: reader.hex('rpIdHash', 32),
    originsHash: reader.hex('originsHash', 32),
    flags: reader.number('flags', maxFlags),
    idHash: reader.hex('idHash', 32),
  }
}

/** Reads a genesis. */
export function readGenesis(reader: RecordReader): AccountGenesis {
  return {
    credential: readCredential(reader.object('credential')),
    credentialId: reader.hex('credentialId'),
    policy: reader.hex('policy'),
    handle: reader.hex('handle', 32),
  }
}

function word(value: bigint): Hex {
  return numberToHex(value, { size: 32 })
}
