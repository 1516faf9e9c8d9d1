import type { Address, Hex } from 'viem'
import type { AccountGenesis } from '../accounts/genesis.ts'
import type { Contracts } from '../config/contracts.ts'
import type { Reveal } from '../recovery/hiddenGuardians.ts'

/** A policy in a kit. */
export type KitPolicy = {
  readonly bytes: Hex
  /** Chains on which it was in effect when the kit was made; none for one that was under way. */
  readonly chainIds: readonly number[]
}

/** What a kit says of a guardian besides the policy. */
export type KitGuardian = {
  /** What tells it apart in the policy, see `guardianKey`. */
  readonly key: Hex
  /** As its owner calls it. */
  readonly name?: string | undefined
  /** What a hidden guardian has to show when it approves; it names the guardian, and gives no power over the account. */
  readonly reveal?: Reveal | undefined
}

/** The contracts that a kit names; those of version 1, whatever a config has besides. */
export type KitContracts = Pick<
  Contracts,
  | 'entryPoint'
  | 'factory'
  | 'implementation'
  | 'passkeyValidator'
  | 'signerValidator'
  | 'guardianRecovery'
  | 'webAuthnVerifier'
  | 'recoveryCodeVerifier'
  | 'policyStore'
>

/** A chain in a kit. How it is reached is left out: addresses of nodes often have keys in them, and change. */
export type KitChain = { readonly id: number; readonly name: string; readonly fromBlock: number }

/**
 * Everything it takes to recover an account besides its guardians and a node: no server, no old events.
 *
 * Nothing in it is secret, and there is no field for anything that is. Whoever reads it learns who the guardians are.
 */
export type RecoveryKit = {
  readonly account: Address
  /** The account's name at a service, for its owner's eyes. */
  readonly name?: string | undefined
  /** Domain that the account's passkeys belong to. */
  readonly rpId: string
  /** What the account is created with on a chain that does not have it. */
  readonly genesis: AccountGenesis
  readonly policies: readonly KitPolicy[]
  readonly guardians: readonly KitGuardian[]
  readonly contracts: KitContracts
  /** Release of the contracts, or `custom`. */
  readonly release: string
  readonly chains: readonly KitChain[]
  /** When it was made, Unix time in seconds of the chains' clocks. */
  readonly createdAt: number
}
