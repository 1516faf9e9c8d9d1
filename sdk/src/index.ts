export type { StoredPasskey } from './accounts/accountState.ts'
export { type CreatePasskeyAccountParameters, createPasskeyAccount } from './accounts/createPasskeyAccount.ts'
export { type AccountGenesis, findGenesis } from './accounts/genesis.ts'
export { getAccount, loadAccount, type PasskeyAccount } from './accounts/passkeyAccount.ts'
export type { AccountRecord, CredentialJson, CredentialRecordJson, GenesisJson } from './accounts/record.ts'
export { type SignInParameters, signIn } from './accounts/signIn.ts'
export { signMessage, signTypedData } from './accounts/signMessage.ts'
export { type RekeySmartAccount, toSmartAccount } from './accounts/toSmartAccount.ts'
export { type AddPasskeyParameters, type AddPasskeyReturnType, addPasskey } from './actions/addPasskey.ts'
export { type ChainPasskeys, type ListedPasskey, listPasskeys, type PasskeyList } from './actions/listPasskeys.ts'
export {
  type ApprovePasskeyParameters,
  approvePasskey,
  type CompletePasskeyReturnType,
  completePasskey,
  type RequestPasskeyParameters,
  requestPasskey,
} from './actions/passkeyRequest.ts'
export {
  type PasskeyRequest,
  passkeyRequestDigest,
  readPasskeyRequest,
  toPasskeyRequestLink,
} from './actions/passkeyRequestLink.ts'
export { type PrunedPasskeys, type PrunePasskeysParameters, prunePasskeys } from './actions/prunePasskeys.ts'
export { type RemovePasskeyParameters, removePasskey } from './actions/removePasskey.ts'
export { type SendCallsParameters, type SendCallsReturnType, sendCalls } from './actions/sendCalls.ts'
export { type SendCallsOnChainsParameters, sendCallsOnChains } from './actions/sendCallsOnChains.ts'
export type { ChainCalls } from './actions/signedCalls.ts'
export type { ChainResult, OnProgress } from './config/chainWork.ts'
export { defaultContracts } from './config/contracts.generated.ts'
export type { Contracts } from './config/contracts.ts'
export {
  type ChainConfig,
  type ConfiguredChain,
  type CreateConfigParameters,
  createConfig,
  type RekeyConfig,
  type ResolveName,
} from './config/createConfig.ts'
export { httpRelay, type Relay, type RelayRequest, walletRelay } from './config/relay.ts'
export { type AlignChainsParameters, type AlignmentPlan, alignChains } from './drift/alignChains.ts'
export type { AnnouncedPolicy, ChainAccount } from './drift/chainAccount.ts'
export {
  type ChainComparison,
  type CompareChainsParameters,
  type ComparedChain,
  compareChains,
  explainDifference,
} from './drift/compareChains.ts'
export type { ChainDifference, DifferenceFix, WantedState } from './drift/judgeChains.ts'
export { type Approval, decodeApprovals, encodeApprovals } from './encoding/approvals.ts'
export { type Change, changeId, changeKinds } from './encoding/changes.ts'
export {
  type CodeSet,
  type CodeSignature,
  codeLeaf,
  codeProofLength,
  codeSet,
  decodeCodeKey,
  decodeCodeSignature,
  encodeCodeKey,
  encodeCodeSignature,
  isCodeSignature,
  maxCodes,
  signWithCode,
} from './encoding/codes.ts'
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
export { policyStoreAddress, readStoredPolicy } from './encoding/policyStore.ts'
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
export {
  type FindAccountParameters,
  type FoundAccount,
  type FoundOnChain,
  findAccount,
} from './finding/findAccount.ts'
export { httpNames } from './finding/httpNames.ts'
