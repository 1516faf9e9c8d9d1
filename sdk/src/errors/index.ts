export {
  AccountAmbiguousError,
  AccountNotFoundError,
  AccountNotSetUpError,
  GenesisUnknownError,
  InvalidRecordError,
  LastPasskeyError,
  PasskeyCannotSignError,
  PasskeyNotFoundError,
} from './account.ts'
export { BaseError, type BaseErrorParameters, isRekeyError } from './base.ts'
export {
  AbortedError,
  AccountCreatedMeanwhileError,
  BundlerMissingError,
  BundlerRejectedError,
  BundlerUnreachableError,
  CallsRevertedError,
  ChainNotConfiguredError,
  ChainUnreachableError,
  ClockError,
  EventsUnreadableError,
  InsufficientFundsError,
  NonceTakenError,
  NotIncludedError,
  RelayFailedError,
  RelayMissingError,
  TransactionRevertedError,
  WrongChainIdError,
} from './chain.ts'
export {
  CodeChangeOverError,
  type CodeProblem,
  CodeSpentError,
  CodesNotConfirmedError,
  InvalidCodeError,
  NoCodesError,
  RandomSourceError,
  UnknownCodeError,
} from './codes.ts'
export { ContractError } from './contract.ts'
export type { ContractErrorName } from './contractErrors.generated.ts'
export { decodeContractError } from './decodeContractError.ts'
export {
  DialogAbortedError,
  DialogBlockedError,
  DialogClosedError,
  DialogUnreachableError,
  DialogVersionError,
} from './dialog.ts'
export { EncodingError, InvalidPublicKeyError } from './encoding.ts'
export { findContractError } from './findContractError.ts'
export {
  InvalidKitError,
  KitAccountError,
  KitChecksumError,
  KitContractsError,
  KitVersionError,
  TruncatedKitError,
} from './kit.ts'
export {
  LinkDamagedError,
  LinkExpiredError,
  LinkOtherRequestError,
  LinkWrongAccountError,
  LinkWrongChainError,
} from './link.ts'
export {
  AccountAbsentError,
  InvalidNameError,
  NameMismatchError,
  NameResolverMissingError,
  NameServiceError,
  UnknownNameError,
} from './names.ts'
export {
  IdentityNoteMissingError,
  type IdTokenProblem,
  InvalidIdTokenError,
  IssuerKeyNotUsableError,
  type IssuerKeyState,
  PersonalClaimsError,
  type SignInMismatch,
  SignInMismatchError,
  UnsupportedIssuerKeyError,
} from './oidc.ts'
export {
  InvalidPasskeyRequestError,
  NoListedPasskeyError,
  OtherAccountError,
  PasskeyNotProvenError,
  PasskeyRemovedError,
  PasskeyRequestExpiredError,
  PasskeyRequestPendingError,
  type PasskeyRequestProblem,
  SecurityKeyNotUsedError,
} from './passkeys.ts'
export {
  NoPassphraseError,
  PassphraseCostError,
  PassphraseMemoryError,
  type PassphraseProblem,
  WeakPassphraseError,
  WrongPassphraseError,
} from './passphrase.ts'
export {
  GuardianNoteMissingError,
  InvalidPolicyError,
  type PolicyRule,
  policyRules,
  SecretAloneError,
} from './policy.ts'
export {
  ChangeNotReadyError,
  EvidenceUnknownError,
  FreezeNotAllowedError,
  GuardianAbsentError,
  InvalidApprovalError,
  NewPasskeyUnusableError,
  NoChangeError,
  NotAGuardianError,
  NotEnoughApprovalsError,
  OtherPolicyError,
  PolicyMismatchError,
  PolicyNotFoundError,
  RecoveryNotReadyError,
  RecoveryOverError,
} from './recovery.ts'
export {
  IssuerUnreachableError,
  SignInAbortedError,
  SignInBlockedError,
  SignInCancelledError,
  SignInClosedError,
  SignInProviderError,
  type SignInProviderProblem,
  SignInRefusedError,
  type UnexpectedSignIn,
  UnexpectedSignInError,
} from './signIn.ts'
export {
  toWebAuthnError,
  WebAuthnAbortedError,
  WebAuthnAlreadyRegisteredError,
  WebAuthnFailedError,
  WebAuthnInsecureContextError,
  WebAuthnNotAllowedError,
  WebAuthnNotSupportedError,
  WebAuthnRelyingPartyError,
  WebAuthnResponseError,
  type WebAuthnResponseProblem,
} from './webauthn.ts'
