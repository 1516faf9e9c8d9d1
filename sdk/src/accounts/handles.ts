import { bytesToHex, concat, type Hex, keccak256, size, slice } from 'viem'

/**
 * Makes the user handle that an account is created with: 16 random bytes and the first 16 of a hash over them and the
 * policy that the account's address commits to. Anyone may create an account with a stranger's passkey and handle, and
 * guardians of his own; what the stranger's authenticator keeps tells it from his own.
 * @param policy Hash of the policy, or zero for none: `policy` of the genesis.
 */
export function createAccountHandle(policy: Hex): Hex {
  const random = bytesToHex(crypto.getRandomValues(new Uint8Array(16)))
  return concat([random, bindPolicy(random, policy)])
}

/** Tells whether a user handle is one of {@link createAccountHandle} for this policy. */
export function isAccountHandle(handle: Hex, policy: Hex): boolean {
  return size(handle) === 32 && bindPolicy(slice(handle, 0, 16), policy) === slice(handle, 16).toLowerCase()
}

function bindPolicy(random: Hex, policy: Hex): Hex {
  return slice(keccak256(concat([random, policy])), 0, 16)
}

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
