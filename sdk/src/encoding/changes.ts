import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem'

/** What an owner can announce, by the contract's numbers. */
export const changeKinds = { policy: 1, uninstall: 2, upgrade: 3 } as const

/** A change that waits until everyone has had time to see it. */
export type Change = {
  readonly kind: keyof typeof changeKinds
  /** Id of the policy, or the implementation, 20 bytes; for an uninstall the zero address. */
  readonly value: Address
  /** Unix time in seconds. */
  readonly issuedAt: number
}

/**
 * Names a change, the same on every chain; what an owner signs to call it off.
 *
 * @example
 * const message = { account, change: changeId({ kind: 'policy', value: policyId(bytes), issuedAt }) }
 * const digest = hashTypedData(recoveryTypedData(guardianRecovery, 'CancelChange', message))
 * @see SPEC §7, Messages
 */
export function changeId({ kind, value, issuedAt }: Change): Hex {
  const types = [{ type: 'uint8' }, { type: 'uint160' }, { type: 'uint40' }] as const
  return keccak256(encodeAbiParameters(types, [changeKinds[kind], BigInt(value), issuedAt]))
}
