export type { Credential } from '../encoding/credential.ts'
export {
  type Assertion,
  type EncodeAssertionParameters,
  encodeAssertion,
  reframeAssertion,
  statelessIndex,
} from './assertion.ts'
export {
  type AttestedCredential,
  type AuthenticatorData,
  type AuthenticatorFlags,
  parseAuthenticatorData,
} from './authenticatorData.ts'
export { fromBase64Url, toBase64Url } from './base64url.ts'
export type { CeremonyParameters, CredentialsContainerLike } from './ceremony.ts'
export { type ClientData, parseClientData } from './clientData.ts'
export { type CompactClientData, joinClientData } from './compactClientData.ts'
export {
  type CreateCredentialParameters,
  type CreatedCredential,
  createCredential,
  parseAttestationObject,
  type RegistrationData,
} from './createCredential.ts'
export {
  type CredentialRecord,
  credentialCommitment,
  credentialFlags,
  toCredential,
  toOriginHash,
  toOriginsHash,
  toRpIdHash,
} from './credential.ts'
export { type DecodedAssertion, decodeAssertion, signedClientData } from './decodeAssertion.ts'
export { type AssertionResult, type GetAssertionParameters, getAssertion } from './getAssertion.ts'
export { type MerkleTree, maxMerkleDepth, merkleRoot, merkleTree } from './merkle.ts'
export { isOnCurve, type PublicKey } from './p256.ts'
export { passkeyName, providerName } from './passkeyName.ts'
export {
  type BackupChange,
  type BackupState,
  backupState,
  type PasskeyNote,
  type PasskeyRisk,
  passkeyRisks,
  type SeenPasskey,
  updatePasskeyNote,
} from './passkeyNote.ts'
export { parsePublicKey } from './publicKey.ts'
export { recoverPublicKey } from './recoverPublicKey.ts'
export {
  type PasskeySignals,
  type SignalOutcome,
  signalAcceptedPasskeys,
  signalPasskeyName,
  signalUnknownPasskey,
} from './signal.ts'
export { parseSignature, type Signature, toLowS } from './signature.ts'
export { verifyAssertion } from './verifyAssertion.ts'
