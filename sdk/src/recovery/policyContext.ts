import type { Address } from 'viem'
import type { Contracts } from '../config/contracts.ts'
import type { PolicyContext } from '../encoding/validatePolicy.ts'

/** Returns what an account's policy is checked against. */
export function policyContext(contracts: Contracts, account: Address): PolicyContext {
  const { entryPoint, passkeyValidator, signerValidator, guardianRecovery, recoveryCodeVerifier } = contracts
  return {
    forbiddenSigners: [account, entryPoint, passkeyValidator, signerValidator, guardianRecovery],
    codeVerifier: recoveryCodeVerifier,
  }
}
