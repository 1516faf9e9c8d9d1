import { bytesToHex, concat, type Hex, keccak256, size, slice } from 'viem'

/**
 * Makes a user handle for a passkey that joins an account later and shall replace no passkey on its device: authenticators
 * keep one passkey per relying party and handle.
 *
 * It is 16 random bytes and the first 16 of their hash. So it says of itself that no account was created with it: the
 * passkey's account is found by the passkey's id.
 */
export function createLaterHandle(): Hex {
  const random = bytesToHex(crypto.getRandomValues(new Uint8Array(16)))
  return concat([random, slice(keccak256(random), 0, 16)])
}

/** Tells whether a user handle is one of {@link createLaterHandle}. */
export function isLaterHandle(handle: Hex): boolean {
  return size(handle) === 32 && slice(keccak256(slice(handle, 0, 16)), 0, 16) === slice(handle, 16).toLowerCase()
}
