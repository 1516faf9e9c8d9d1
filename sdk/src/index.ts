export { type Approval, decodeApprovals, encodeApprovals } from './encoding/approvals.ts'
export {
  type Call,
  decodeExecution,
  type ExecutionMode,
  encodeExecute,
  encodeExecution,
  encodeExecutionMode,
} from './encoding/execution.ts'
export {
  accountAddress,
  accountCreationCode,
  accountSalt,
  frameGenesisSignature,
  type Genesis,
  unframeGenesisSignature,
} from './encoding/genesis.ts'
export { decodeNonceKey, encodeNonceKey, type NonceKey } from './encoding/nonceKey.ts'
export { frameOwnerSignature, type OwnerValidator, unframeOwnerSignature } from './encoding/ownerSignature.ts'
export {
  decodePolicy,
  encodePolicy,
  type Guardian,
  guardianKey,
  guardianKinds,
  hideSigner,
  type Policy,
  policyHash,
  policyId,
  sortGuardians,
  type Tier,
} from './encoding/policy.ts'
export {
  type Messages,
  messageTypes,
  passkeyTypedData,
  type Recovery,
  type RecoveryMessageName,
  type RekeyTypedData,
  recoveryTypedData,
  sessionTypedData,
} from './encoding/typedData.ts'
export {
  changeDelayDays,
  isReached,
  type PolicyContext,
  policyLimits,
  validatePolicy,
} from './encoding/validatePolicy.ts'
