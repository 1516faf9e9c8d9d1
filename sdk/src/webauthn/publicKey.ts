import { bytesToBigInt } from 'viem'
import { EncodingError, InvalidPublicKeyError } from '../errors/encoding.ts'
import { type CborValue, decodeCborItem } from './cbor.ts'
import { isOnCurve, liftX, type PublicKey } from './p256.ts'

// SubjectPublicKeyInfo { ecPublicKey, prime256v1 }, up to the bytes of the point.
const spkiPrefix = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
]

/**
 * Reads a P-256 public key in any format in which WebAuthn hands it out, and checks that it is on the curve.
 *
 * @param bytes - SPKI (91 bytes, `getPublicKey()`), SEC1 uncompressed (65) or compressed (33), or a COSE key.
 * @throws {InvalidPublicKeyError} when the format is unknown or the point is not on the curve.
 * @throws {EncodingError} when it is CBOR, but not well-formed.
 * @example
 * const { x, y } = parsePublicKey(new Uint8Array(response.getPublicKey()))
 * @see SPEC §3, Registration
 */
export function parsePublicKey(bytes: Uint8Array): PublicKey {
  if (bytes.length === 91 && spkiPrefix.every((byte, index) => bytes[index] === byte))
    return fromSec1(bytes.subarray(26))
  if (bytes.length === 65 && bytes[0] === 4) return fromSec1(bytes)
  if (bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3)) return fromSec1(bytes)
  if ((bytes[0] ?? 0) >> 5 !== 5) throw new InvalidPublicKeyError(`${bytes.length} bytes in no known format`)
  const { value, length } = decodeCborItem(bytes)
  if (length !== bytes.length) throw new EncodingError('COSE key', `${bytes.length - length} bytes follow its end`)
  return fromCose(value)
}

/**
 * Checks that a COSE key is an ES256 key on P-256 with both coordinates, and returns the point.
 *
 * @throws {InvalidPublicKeyError} when it is any other key.
 */
export function fromCose(value: CborValue): PublicKey {
  if (!(value instanceof Map)) throw new InvalidPublicKeyError('the COSE key is not a map')
  const [keyType, algorithm, curve, x, y] = [1, 3, -1, -2, -3].map((label): unknown => value.get(label))
  if (keyType !== 2 || algorithm !== -7 || curve !== 1)
    throw new InvalidPublicKeyError('the COSE key is not for ES256 on P-256')
  if (value.size !== 5 || !isCoordinate(x) || !isCoordinate(y))
    throw new InvalidPublicKeyError('the COSE key does not consist of type, algorithm, curve and two coordinates')
  return expectOnCurve({ x: bytesToBigInt(x), y: bytesToBigInt(y) })
}

/**
 * Returns the key if it is a point of the curve.
 *
 * @throws {InvalidPublicKeyError} when it is not.
 */
export function expectOnCurve(key: PublicKey): PublicKey {
  if (!isOnCurve(key)) throw new InvalidPublicKeyError('it is not a point of the curve')
  return key
}

function fromSec1(bytes: Uint8Array): PublicKey {
  const x = bytesToBigInt(bytes.subarray(1, 33))
  if (bytes[0] === 4) return expectOnCurve({ x, y: bytesToBigInt(bytes.subarray(33)) })
  const point = bytes[0] === 2 || bytes[0] === 3 ? liftX(x, bytes[0] === 3) : undefined
  if (!point) throw new InvalidPublicKeyError('it is not a point of the curve')
  return point
}

function isCoordinate(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32
}
