import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Address, bytesToHex, concat, type Hex, hexToBytes, stringToBytes } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'

/** What a key is derived for; one secret gives other keys for other purposes. */
export type KeyPurpose = 'passphrase guardian' | `recovery code ${number}`

/** A key that exists while it is used. */
export type SecretKey = {
  readonly address: Address
  /** Returns r ‖ s ‖ v, 65 bytes, with low s and v 27 or 28. */
  sign(digest: Hex): Hex
}

/**
 * Derives a secp256k1 key from a secret, lends it, and overwrites it, whatever happens: HKDF-SHA256 to 48 bytes, then
 * modulo the order of the curve less one, plus one.
 *
 * Overwriting reaches the bytes that are ours; what the engine copied in computing with them, it may keep for a while.
 *
 * @param secret - At least 16 bytes; the caller overwrites them.
 */
export function withSecretKey<result>(
  secret: Uint8Array,
  purpose: KeyPurpose,
  use: (key: SecretKey) => result,
): result {
  const seed = hkdf(sha256, secret, stringToBytes('rekey v1'), stringToBytes(purpose), 48)
  const privateKey = secp256k1.utils.randomSecretKey(seed)
  try {
    return use({
      address: publicKeyToAddress(bytesToHex(secp256k1.getPublicKey(privateKey, false))),
      sign: (digest) => signWith(privateKey, digest),
    })
  } finally {
    wipe(seed)
    wipe(privateKey)
  }
}

/** Overwrites bytes. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0)
}

function signWith(privateKey: Uint8Array, digest: Hex): Hex {
  const signature = secp256k1.sign(hexToBytes(digest), privateKey, { prehash: false, format: 'recovered' })
  return concat([bytesToHex(signature.subarray(1)), signature[0] === 0 ? '0x1b' : '0x1c'])
}
