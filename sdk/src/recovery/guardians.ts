import { type Address, concat, getAddress, type Hex } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import { type Guardian, guardianKinds } from '../encoding/policy.ts'
import { type CredentialRecord, credentialCommitment, toCredential } from '../webauthn/credential.ts'

/** A guardian as the owner names it. */
export type GuardianInput = Guardian & {
  /** For the owner's eyes; it does not go on chain. */
  readonly name?: string | undefined
  /** What the guardian needs besides a signer so as to approve; it goes into the policy, see `placeNotes`. */
  readonly notes?: readonly Hex[] | undefined
}

/** What every guardian may have. */
export type GuardianOptions = {
  /** Weight of the approval, 1 to 255. Default: 1. */
  readonly weight?: number | undefined
  readonly name?: string | undefined
  /** Unix time in seconds after which the guardian no longer counts. Default: never. */
  readonly validUntil?: number | undefined
}

/**
 * Names a wallet as guardian: an EOA, or a contract that answers ERC-1271.
 *
 * @example
 * const guardian = walletGuardian('0x…', { name: 'Grace' })
 */
export function walletGuardian(address: Address, options: GuardianOptions = {}): GuardianInput {
  return buildGuardian(guardianKinds.wallet, getAddress(address), options)
}

/**
 * Names a passkey as guardian, usually a friend's or one on a security key in a drawer.
 *
 * @example
 * const guardian = passkeyGuardian(config, credential, { name: 'Security key' })
 */
export function passkeyGuardian(
  { contracts }: Pick<RekeyConfig, 'contracts'>,
  credential: CredentialRecord,
  options: GuardianOptions = {},
): GuardianInput {
  return buildGuardian(guardianKinds.passkey, passkeySigner({ contracts }, credential), options)
}

/** Returns the signer (ERC-7913) that a passkey is as guardian. */
export function passkeySigner({ contracts }: Pick<RekeyConfig, 'contracts'>, credential: CredentialRecord): Hex {
  return concat([contracts.webAuthnVerifier, credentialCommitment(toCredential(credential))])
}

/** Puts a guardian together from what every one has. */
export function buildGuardian(kind: number, signer: Hex, options: GuardianOptions): GuardianInput {
  const { weight = 1, validUntil = 0, name } = options
  return { kind, weight, signer, isHidden: false, needsEvidence: false, validUntil, name }
}
