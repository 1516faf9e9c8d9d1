export type { ChainSignature } from '../accounts/signMessage.ts'
export { recoveryOf } from './accountRecovery.ts'
export type { Approver, GuardianMessage, SigningRequest } from './approve.ts'
export type { Ballot } from './ballot.ts'
export { isFinal, type RecoveryChainStatus, type RecoveryState } from './chainStatus.ts'
export { type Announcement, announceChange } from './changes/announceChange.ts'
export { applyChange } from './changes/applyChange.ts'
export { cancelChange } from './changes/cancelChange.ts'
export { type ChainChange, judgeChange, type PendingChange, readChanges } from './changes/readChanges.ts'
export type { OwnerMessageParameters } from './changes/sendOwnerMessage.ts'
export { type ChainPolicy, type GetPolicyParameters, getPolicy } from './getPolicy.ts'
export {
  type Drill,
  type DrillOutcome,
  loadDrill,
  type StartDrillParameters,
  startDrill,
} from './guardianRequests/drill.ts'
export { loadFreeze, type StartFreezeParameters, startFreeze } from './guardianRequests/freeze.ts'
export {
  canCallOff,
  loadGuardianCancel,
  type StartGuardianCancelParameters,
  startGuardianCancel,
} from './guardianRequests/guardianCancel.ts'
export type { GuardianRequest, SubmitParameters } from './guardianRequests/guardianRequest.ts'
export { type GuardianInput, type GuardianOptions, passkeyGuardian, walletGuardian } from './guardians.ts'
export {
  type Health,
  type HealthFacts,
  type HealthFinding,
  healthCosts,
  judgeHealth,
  judgePlan,
} from './health/judgeHealth.ts'
export { type ReadHealthParameters, readHealth, readHealthFacts } from './health/readHealth.ts'
export { type HiddenGuardianInput, hideGuardian, type Reveal } from './hiddenGuardians.ts'
export { type ChainHistory, type HistoryEntry, readHistory } from './history/readHistory.ts'
export { type ApprovalReply, type ApprovalRequest, loadApprovalRequest } from './link/approvalRequest.ts'
export { formatApproval, parseApproval } from './link/reply.ts'
export type { GuardianAsk } from './link/requestBytes.ts'
export { recoveryPhrase } from './phrase.ts'
export { type Changed, diffPolicies, type PolicyDiff } from './plan/diffPolicies.ts'
export { type ApplyParameters, loadPlan, type PlanJson, type RecoveryPlan } from './plan/recoveryPlan.ts'
export { type Loss, type LossOutcome, simulateLoss } from './plan/simulateLoss.ts'
export { type PlanRecoveryParameters, planRecovery } from './planRecovery.ts'
export type { PolicySource } from './policySources.ts'
export { type PolicyWarning, policyWarnings, presetTiers, type RecoveryPreset, recoveryPresets } from './presets.ts'
export { type Reach, reachOf, type VoteCircumstances } from './reach.ts'
export type { RecoveryApproval } from './recoveryApproval.ts'
export type { RecoveryJson } from './recoveryJson.ts'
export { loadRecovery, type RecoveryDiff, type RecoveryRequest } from './recoveryRequest.ts'
export { toGuardianInputs } from './secretGuardians.ts'
export { type StartRecoveryParameters, startRecovery } from './startRecovery.ts'
export { type StorePolicyParameters, storePolicy } from './storePolicy.ts'
export { type VetoRecoveryParameters, vetoRecovery } from './vetoRecovery.ts'
