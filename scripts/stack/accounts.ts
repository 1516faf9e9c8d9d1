import { type Hex, keccak256, stringToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** EOAs that a stack funds on each of its chains. Anyone can compute their keys: never send them real money. */
export const ROLES = [
  'deployer',
  'relayer',
  'guardian',
  'stranger',
  'bundlerExecutor',
  'bundlerUtility',
  'attester1',
  'attester2',
  'attester3',
] as const
export type Role = (typeof ROLES)[number]

export function localKey(role: Role): Hex {
  return keccak256(stringToHex(`rekey local stack: ${role}`))
}

export function localAccount(role: Role): PrivateKeyAccount {
  return privateKeyToAccount(localKey(role))
}
