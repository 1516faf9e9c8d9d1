export { approveWithSignIn, type SignIn } from './approve.ts'
export { findOidcGuardians, type OidcGuardianParameters, type OidcInPolicy, oidcGuardian } from './guardian.ts'
export {
  decodeOidcKey,
  encodeOidcKey,
  type OidcIdentity,
  type OidcKeyOfGuardian,
  oidcIdentityHash,
} from './identity.ts'
export { type IdToken, oidcNonce, parseIdToken } from './idToken.ts'
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
export { encodeOidcProof, type OidcProof } from './proof.ts'
