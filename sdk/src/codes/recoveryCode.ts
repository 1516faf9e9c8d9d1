import type { Address, Hex } from 'viem'
import { type CodeSet, codeSet, encodeCodeSignature, maxCodes } from '../encoding/codes.ts'
import { RandomSourceError } from '../errors/codes.ts'
import { EncodingError } from '../errors/encoding.ts'
import { type SecretKey, wipe, withSecretKey } from '../secrets/secretKey.ts'
import { formatCode, readCode, secretBytes } from './format.ts'

/** How many codes a set has when nothing else is said. */
export const defaultCodeCount = 10

const secrets = new WeakMap<RecoveryCode, Uint8Array>()

/**
 * A recovery code. Its secret is not in the object: what prints, logs, copies or stores it gets place and address.
 * {@link revealCode} returns the text.
 */
export type RecoveryCode = {
  /** Place in its set, from 0; the sheet counts from 1. */
  readonly index: number
  /** Address of the code's key. */
  readonly address: Address
}

/** A set of codes that nobody has seen yet. */
export type NewCodes = {
  readonly codes: readonly RecoveryCode[]
  /** What becomes the guardian, see `codesGuardian`; not secret. */
  readonly set: CodeSet
  readonly addresses: readonly Address[]
}

/**
 * Makes a set of recovery codes, of 128 random bits each. Nothing is stored or sent.
 *
 * @throws {EncodingError} when it is not 1 to 16 codes.
 * @throws {RandomSourceError} when the device's random numbers repeat.
 * @example
 * const codes = createCodes()
 * const plan = await planRecovery(account, { guardians: [codesGuardian(config, codes)], preset: 'careful' })
 * print(codeSheetHtml(codes, { account: account.address, appName: 'Example' }))
 */
export function createCodes({ count = defaultCodeCount }: { count?: number | undefined } = {}): NewCodes {
  if (!Number.isInteger(count) || count < 1 || count > maxCodes)
    throw new EncodingError('set of recovery codes', `it has ${count} codes, not 1 to ${maxCodes}`)
  const random = crypto.getRandomValues(new Uint8Array(count * secretBytes))
  const parts = Array.from({ length: count }, (_, index) =>
    random.slice(index * secretBytes, (index + 1) * secretBytes),
  )
  wipe(random)
  const isRepeated = (part: Uint8Array, place: number) =>
    parts.slice(0, place).some((other) => other.every((byte, offset) => byte === part[offset]))
  const isFlat = (part: Uint8Array) => part.every((byte) => byte === part[0])
  if (parts.some((part, place) => isRepeated(part, place) || isFlat(part))) throw new RandomSourceError()
  const codes = parts.map((secret, index) => toCode({ index, secret }))
  const addresses = codes.map(({ address }) => address)
  return { codes, addresses, set: codeSet(addresses) }
}

/**
 * Reads a code as people type it. A typo is told here: nothing is sent for it.
 *
 * @throws {InvalidCodeError} naming the group that is wrong, where that can be told.
 * @example
 * const code = parseCode('2fjx8-…')
 */
export function parseCode(text: string): RecoveryCode {
  return toCode(readCode(text))
}

/**
 * Returns the text of a code, to show or print once: six groups of five characters.
 *
 * @throws {EncodingError} when the code was forgotten.
 */
export function revealCode(code: RecoveryCode): string {
  return formatCode({ index: code.index, secret: secretOf(code) })
}

/** Overwrites the secrets of codes; they can be neither shown nor used from then on. */
export function forgetCodes(codes: readonly RecoveryCode[]): void {
  for (const code of codes) {
    const secret = secrets.get(code)
    if (secret) wipe(secret)
    secrets.delete(code)
  }
}

/** Signs a digest with a code of a set. */
export function signWithRecoveryCode(code: RecoveryCode, { proofs }: Pick<CodeSet, 'proofs'>, digest: Hex): Hex {
  const signature = useKey(code.index, secretOf(code), (key) => key.sign(digest))
  return encodeCodeSignature({ index: code.index, signature, proof: proofs[code.index] ?? [] })
}

function toCode({ index, secret }: { index: number; secret: Uint8Array }): RecoveryCode {
  const code = Object.freeze({ index, address: useKey(index, secret, ({ address }) => address) })
  secrets.set(code, secret)
  return code
}

function useKey<result>(index: number, secret: Uint8Array, use: (key: SecretKey) => result): result {
  return withSecretKey(secret, `recovery code ${index}`, use)
}

function secretOf(code: RecoveryCode): Uint8Array {
  const secret = secrets.get(code)
  if (!secret) throw new EncodingError('recovery code', 'its secret is not known any more')
  return secret
}
