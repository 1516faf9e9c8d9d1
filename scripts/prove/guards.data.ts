import { accountGuards } from './guards/account.data.ts'
import { approvalGuards } from './guards/approvals.data.ts'
import { codeGuards } from './guards/codes.data.ts'
import { digestGuards } from './guards/digests.data.ts'
import { foreignGuards } from './guards/foreign.data.ts'
import { guardianVoteGuards } from './guards/guardianVotes.data.ts'
import { oidcGuards } from './guards/oidc.data.ts'
import { passkeyGuards } from './guards/passkeys.data.ts'
import { policyChangeGuards } from './guards/policyChanges.data.ts'
import { policyRuleGuards } from './guards/policyRules.data.ts'
import { providerGuards } from './guards/provider.data.ts'
import { recoveryGuards } from './guards/recovery.data.ts'
import { registryGuards } from './guards/registry.data.ts'
import { signerGuards } from './guards/signers.data.ts'
import { storeGuards } from './guards/store.data.ts'
import { webAuthnGuards } from './guards/webAuthn.data.ts'
import type { GuardGroup } from './schemata.ts'

/** Every guard of the contracts that a test must notice when it is broken. */
export const guardGroups: readonly GuardGroup[] = [
  recoveryGuards,
  policyChangeGuards,
  guardianVoteGuards,
  foreignGuards,
  approvalGuards,
  policyRuleGuards,
  digestGuards,
  accountGuards,
  signerGuards,
  passkeyGuards,
  webAuthnGuards,
  codeGuards,
  storeGuards,
  providerGuards,
  registryGuards,
  oidcGuards,
]
