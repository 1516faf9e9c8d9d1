export { approveWithSignIn, type SignIn } from './approve.ts'
export {
  type ApproveWithProviderParameters,
  approveWithProvider,
  type ProviderApproval,
} from './approveWithProvider.ts'
export {
  type JwksObservation,
  observationTypedData,
  revocationTypedData,
  type Suspension,
  suspensionTypedData,
  toObservation,
} from './attestation.ts'
export { type BridgedParameters, github, x } from './bridged.ts'
export type { Clock } from './clock.ts'
export { type DiscoverOidcParameters, discoverOidc } from './discovery.ts'
export type { IssuerFetchOptions } from './fetchJson.ts'
export {
  type ChainIssuerKey,
  type FindIssuerKeyParameters,
  type FoundIssuerKey,
  findIssuerKey,
} from './findIssuerKey.ts'
export { findOidcGuardians, type OidcGuardianParameters, type OidcInPolicy, oidcGuardian } from './guardian.ts'
export {
  decodeOidcKey,
  encodeOidcKey,
  type OidcIdentity,
  type OidcKeyOfGuardian,
  oidcIdentityHash,
} from './identity.ts'
export { type IdToken, oidcNonce, parseIdToken } from './idToken.ts'
export { isSameSignIn } from './isSameSignIn.ts'
export {
  type IssuerKey,
  issuerKeyHash,
  issuerKeyId,
  type Jwk,
  type OidcAlgorithm,
  oidcAlgorithms,
  readIssuerKey,
} from './issuerKey.ts'
export { findSigningKey } from './jwks.ts'
export { type LinkedSignIn, type LinkSignInParameters, linkSignIn, type SignInWith } from './linkSignIn.ts'
export {
  type AnswerSignInParameters,
  answerSignInPopup,
  type SignInWithPopupParameters,
  signInWithPopup,
} from './popup.ts'
export { encodeOidcProof, type OidcProof } from './proof.ts'
export { proofExpiry } from './proofExpiry.ts'
export {
  apple,
  type ClientParameters,
  facebook,
  google,
  microsoft,
  type OidcProviderParameters,
  oidc,
  type SignInProvider,
  type SignInResponseType,
} from './provider.ts'
export { readJwks } from './readJwks.ts'
export {
  type CompletedSignIn,
  completeSignIn,
  isSignInReturning,
  type RedirectOptions,
  signInWithRedirect,
} from './redirect.ts'
export {
  createSignInNonce,
  createSignInRequest,
  type SignInRequest,
  type SignInRequestParameters,
} from './signInRequest.ts'
export { type ReadSignInOptions, readSignInResponse } from './signInResponse.ts'
export { forgetSignInResponse, type SignInStorage, type SignInWindow } from './windows.ts'
