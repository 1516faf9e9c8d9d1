/** Files whose mutants stand in one build and are noticed by the same tests. */
export interface MutationTarget {
  readonly name: string
  readonly files: readonly string[]
  /** Below `test/contracts/`; those that notice most come first. */
  readonly tests: readonly string[]
  /** Contracts that the tests deploy by the name of their artifact. */
  readonly deploys: readonly string[]
  /** Of the build, see `ProjectRecipe`. */
  readonly optimizerSteps?: string
}

export const mutationTargets: readonly MutationTarget[] = [
  {
    name: 'RecoveryCodeVerifier',
    files: ['contracts/verifiers/RecoveryCodeVerifier.sol'],
    tests: [
      'RecoveryCodeVerifier/RecoveryCodeVerifier.t.sol',
      'RecoveryCodeVerifier/Malformed.t.sol',
      'RecoveryCodeVerifier/Invariants.t.sol',
    ],
    deploys: ['contracts/verifiers/RecoveryCodeVerifier.sol'],
  },
  {
    name: 'WebAuthn',
    files: [
      'contracts/libraries/WebAuthn.sol',
      'contracts/libraries/ClientData.sol',
      'contracts/libraries/Base64Url.sol',
    ],
    tests: [
      'Base64Url/Base64Url.t.sol',
      'ClientData/Skipped.t.sol',
      'ClientData/ClientData.t.sol',
      'WebAuthn/WebAuthnBlob.t.sol',
      'WebAuthn/WebAuthnRules.t.sol',
      'WebAuthn/WebAuthnEdges.t.sol',
      'WebAuthn/WebAuthnDifferential.t.sol',
      'WebAuthnVerifier/WebAuthnVerifier.t.sol',
      'ClientData/Structure.t.sol',
      'WebAuthn/WebAuthnCut.t.sol',
      'WebAuthn/WebAuthnFrame.t.sol',
    ],
    deploys: ['contracts/modules/PasskeyValidator.sol', 'contracts/verifiers/WebAuthnVerifier.sol'],
  },
  {
    name: 'GuardianRecovery',
    files: [
      'contracts/modules/GuardianRecovery.sol',
      'contracts/modules/recovery/ForeignRecovery.sol',
      'contracts/modules/recovery/GuardianVotes.sol',
      'contracts/modules/recovery/PolicyChanges.sol',
      'contracts/modules/recovery/RecoveryBase.sol',
      'contracts/modules/recovery/RecoveryPart.sol',
      'contracts/modules/recovery/RecoveryRules.sol',
      'contracts/modules/recovery/RecoveryViews.sol',
      'contracts/libraries/Approvals.sol',
      'contracts/libraries/PolicyRules.sol',
      'contracts/libraries/RecoveryPolicy.sol',
      'contracts/libraries/Tiers.sol',
    ],
    // Expressions are joined, or a call in `Approvals.count` has one variable too many.
    optimizerSteps: 'dhfoDgTu:m',
    tests: [
      'GuardianRecovery/Start.t.sol',
      'PolicyRules/PolicyRules.t.sol',
      'GuardianRecovery/Votes.t.sol',
      'GuardianRecovery/Gas.t.sol',
      'GuardianRecovery/Changes.t.sol',
      'GuardianRecovery/Owner.t.sol',
      'GuardianRecovery/Digests.t.sol',
      'GuardianRecovery/GuardianVotes.t.sol',
      'GuardianRecovery/Timing.t.sol',
      'GuardianRecovery/Foreign.t.sol',
      'GuardianRecovery/ForeignChecks.t.sol',
      'GuardianRecovery/Hidden.t.sol',
      'GuardianRecovery/Evidence.t.sol',
      'GuardianRecovery/GuardianLimits.t.sol',
      'GuardianRecovery/ChangeOrder.t.sol',
      'GuardianRecovery/Holds.t.sol',
      'GuardianRecovery/Codes.t.sol',
      'GuardianRecovery/OwnerSigners.t.sol',
      'GuardianRecovery/Hostile.t.sol',
      'GuardianRecovery/Transitions.t.sol',
      'GuardianRecovery/Invariants.t.sol',
      'GuardianRecovery/ForeignCalls.t.sol',
      'GuardianRecovery/Windows.t.sol',
      'GuardianRecovery/Answers.t.sol',
      'GuardianRecovery/Reveals.t.sol',
      'GuardianRecovery/Traces.t.sol',
      'PolicyRules/Malformed.t.sol',
    ],
    deploys: [
      'contracts/account/RekeyAccount.sol',
      'contracts/account/RekeyAccountFactory.sol',
      'contracts/modules/GuardianRecovery.sol',
      'contracts/modules/PasskeyValidator.sol',
      'contracts/modules/SignerValidator.sol',
      'contracts/modules/recovery/ForeignRecovery.sol',
      'contracts/modules/recovery/GuardianVotes.sol',
      'contracts/modules/recovery/PolicyChanges.sol',
      'contracts/verifiers/RecoveryCodeVerifier.sol',
      'contracts/verifiers/WebAuthnVerifier.sol',
    ],
  },
]
