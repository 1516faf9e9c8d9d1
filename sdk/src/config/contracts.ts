import type { Address } from 'viem'

/** Where the contracts are; the same on every chain. */
export type Contracts = {
  /** EntryPoint v0.8. */
  readonly entryPoint: Address
  readonly factory: Address
  readonly implementation: Address
  readonly passkeyValidator: Address
  readonly signerValidator: Address
  readonly guardianRecovery: Address
  readonly webAuthnVerifier: Address
  readonly recoveryCodeVerifier: Address
  readonly policyStore: Address
}
