import type { Hex } from 'viem'

/** A credential as the contracts take it. */
export type Credential = {
  readonly x: bigint
  readonly y: bigint
  /** SHA-256 of the relying party id. */
  readonly rpIdHash: Hex
  /** Hash of the hashes of the allowed origins. */
  readonly originsHash: Hex
  /** Rules for assertions: {@link credentialFlags} added up. */
  readonly flags: number
  /** keccak256 of the credential id; for lookup only. */
  readonly idHash: Hex
}
