import { type Hex, size } from 'viem'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { IdentityNoteMissingError, SignInMismatchError } from '../errors/oidc.ts'
import { deviceClock } from './clock.ts'
import { findOidcGuardians, type OidcInPolicy } from './guardian.ts'
import { oidcIdentityHash } from './identity.ts'
import { type IdToken, oidcNonce, parseIdToken } from './idToken.ts'
import { type IssuerKey, issuerKeyHash, signatureSizeOf } from './issuerKey.ts'
import { encodeOidcProof } from './proof.ts'
import { checkPrivacy, checkTimes, partiesOf } from './tokenRules.ts'

/** A sign-in that is to approve something. */
export type SignIn = {
  /** The ID token as the issuer gave it. */
  readonly token: string
  /** The issuer's key that signed it; `findSigningKey` finds it among the issuer's keys. */
  readonly key: IssuerKey
  /** Permits claims such as the e-mail address, which become public. Default: refused. */
  readonly allowsPersonalClaims?: boolean | undefined
  /** Unix time in seconds. Default: this device's clock. */
  readonly now?: number | undefined
}

/**
 * Approves a recovery with a sign-in. What would fail on chain is told here, before anything is sent, except who signed the
 * token: `addApproval` asks the chains.
 *
 * The whole token becomes public with the recovery: at Google, the account's number there.
 *
 * @param recovery - The recovery's digest, which is the sign-in's nonce, and the policy it is approved under.
 * @throws {InvalidIdTokenError} {@link PersonalClaimsError} {@link SignInMismatchError} {@link IdentityNoteMissingError}
 * @example
 * const token = await signInAtGoogle({ nonce: oidcNonce(request.digest) })
 * const key = findSigningKey(await readJwks(), token)
 * await request.addApproval(approveWithSignIn(request, { token, key }))
 * @see SPEC §10, OidcRecoveryValidator
 */
export function approveWithSignIn(
  { policy, digest }: { readonly policy: Policy; readonly digest: Hex },
  { token: text, key, allowsPersonalClaims = false, now = deviceClock() }: SignIn,
): Pick<Approval, 'index' | 'signature'> {
  const token = parseIdToken(text)
  if (token.nonce !== oidcNonce(digest)) throw new SignInMismatchError('nonce')
  checkTimes(token, now)
  if (!allowsPersonalClaims) checkPrivacy(token)
  const identity = findIdentity(findOidcGuardians(policy), token)
  const isOther = key.algorithm !== token.algorithm || size(token.signature) !== signatureSizeOf(key)
  if (isOther || identity.keys?.includes(issuerKeyHash(key)) === false) throw new SignInMismatchError('key')
  return { index: identity.guardianIndex, signature: encodeOidcProof({ identity, token, key }) }
}

/** The guardian whom a token is of; if it is of none, what comes closest says why. */
export function findIdentity(guardians: readonly OidcInPolicy[], token: IdToken): OidcInPolicy {
  if (guardians.length === 0) throw new IdentityNoteMissingError()
  const ofIssuer = guardians.filter(({ issuer }) => issuer === token.issuer)
  if (ofIssuer.length === 0) throw new SignInMismatchError('issuer')
  const parties = partiesOf(token)
  const ofApp = ofIssuer.filter(({ audiences }) => parties.every((party) => audiences.includes(party)))
  if (ofApp.length === 0) throw new SignInMismatchError('audience')
  const found = ofApp.find(
    (guardian) => oidcIdentityHash({ ...guardian, subject: token.subject }) === guardian.identity,
  )
  if (!found) throw new SignInMismatchError('person')
  return found
}
