import { p256 } from '@noble/curves/nist.js'
import { type Hex, hexToBytes, sha256 } from 'viem'
import { n } from '../webauthn/p256.ts'
import { encodeCbor, join } from './cborEncode.ts'

/** Bits of the flags byte of authenticator data. */
export const flagBits = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const

/** Writes authenticator data; `attested` and `extensions` set their own flags. */
export function writeAuthenticatorData(parts: {
  rpIdHash: Hex
  flags: number
  signCount: number
  attested?: Uint8Array | undefined
  extensions?: Uint8Array | undefined
}): Uint8Array<ArrayBuffer> {
  const flags = parts.flags | (parts.attested ? flagBits.AT : 0) | (parts.extensions ? flagBits.ED : 0)
  const fixed = new Uint8Array(37)
  fixed.set(hexToBytes(parts.rpIdHash))
  fixed[32] = flags
  new DataView(fixed.buffer).setUint32(33, parts.signCount)
  return join([fixed, parts.attested ?? new Uint8Array(), parts.extensions ?? new Uint8Array()])
}

/** Writes attested credential data: model, id and COSE key. */
export function writeAttested(aaguid: Uint8Array, id: Uint8Array, privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const point = p256.getPublicKey(privateKey, false)
  const coseKey = encodeCbor(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point.subarray(1, 33)],
      [-3, point.subarray(33)],
    ]),
  )
  return join([aaguid, Uint8Array.of(id.length >> 8, id.length & 0xff), id, coseKey])
}

/** Returns the public key as SubjectPublicKeyInfo, 91 bytes. */
export function writeSpki(privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return join([
    hexToBytes('0x3059301306072a8648ce3d020106082a8648ce3d030107034200'),
    p256.getPublicKey(privateKey, false),
  ])
}

/** Signs as authenticators do (SHA-256 over both parts, DER), with `s` in the half that is asked for. */
export function signDer(
  privateKey: Uint8Array,
  authenticatorData: Uint8Array,
  clientDataJSON: Uint8Array,
  isHighS: boolean,
): Uint8Array<ArrayBuffer> {
  const hash = sha256(join([authenticatorData, sha256(clientDataJSON, 'bytes')]), 'bytes')
  const { r, s } = p256.Signature.fromBytes(p256.sign(hash, privateKey, { prehash: false, lowS: true }))
  return writeDer({ r, s: isHighS ? n - s : s })
}

/** Writes a signature as DER. */
export function writeDer({ r, s }: { r: bigint; s: bigint }): Uint8Array<ArrayBuffer> {
  const body = join([writeInteger(r), writeInteger(s)])
  return join([Uint8Array.of(0x30, body.length), body])
}

function writeInteger(value: bigint): Uint8Array {
  const hex = value.toString(16)
  const bytes = hexToBytes(`0x${hex.length % 2 ? '0' : ''}${hex}`)
  const padded = (bytes[0] ?? 0) >= 0x80 ? join([Uint8Array.of(0), bytes]) : bytes
  return join([Uint8Array.of(2, padded.length), padded])
}
