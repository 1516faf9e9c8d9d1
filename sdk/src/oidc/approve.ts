import { type Hex, size } from 'viem'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { IdentityNoteMissingError, PersonalClaimsError, SignInMismatchError } from '../errors/oidc.ts'
import { findOidcGuardians, type OidcInPolicy } from './guardian.ts'
import { oidcIdentityHash } from './identity.ts'
import { type IdToken, oidcNonce, parseIdToken } from './idToken.ts'
import { type IssuerKey, issuerKeyHash, signatureSizeOf } from './issuerKey.ts'
import { encodeOidcProof } from './proof.ts'

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

const DAY = 86_400
const SKEW = 300
/** Claims of OpenID Connect Core §5.1 and of issuers that say who somebody is beyond their number there. */
const personalClaims: readonly string[] = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
  'address',
  'upn',
  'unique_name',
  'user_friends',
  'user_age_range',
]

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
  { token: text, key, allowsPersonalClaims = false, now = Math.floor(Date.now() / 1_000) }: SignIn,
): Pick<Approval, 'index' | 'signature'> {
  const token = parseIdToken(text)
  if (token.nonce !== oidcNonce(digest)) throw new SignInMismatchError('nonce')
  checkTimes(token, now)
  const personal = token.claims.filter((claim) => personalClaims.includes(claim))
  if (personal.length > 0 && !allowsPersonalClaims) throw new PersonalClaimsError(personal)
  const identity = findIdentity(findOidcGuardians(policy), token)
  const isOther = key.algorithm !== token.algorithm || size(token.signature) !== signatureSizeOf(key)
  if (isOther || identity.keys?.includes(issuerKeyHash(key)) === false) throw new SignInMismatchError('key')
  return { index: identity.guardianIndex, signature: encodeOidcProof({ identity, token, key }) }
}

/** The guardian whom a token is of; if it is of none, what comes closest says why. */
function findIdentity(guardians: readonly OidcInPolicy[], token: IdToken): OidcInPolicy {
  if (guardians.length === 0) throw new IdentityNoteMissingError()
  const ofIssuer = guardians.filter(({ issuer }) => issuer === token.issuer)
  if (ofIssuer.length === 0) throw new SignInMismatchError('issuer')
  const parties = token.authorizedParty === undefined ? [token.audience] : [token.audience, token.authorizedParty]
  const ofApp = ofIssuer.filter(({ audiences }) => parties.every((party) => audiences.includes(party)))
  if (ofApp.length === 0) throw new SignInMismatchError('audience')
  const found = ofApp.find(
    (guardian) => oidcIdentityHash({ ...guardian, subject: token.subject }) === guardian.identity,
  )
  if (!found) throw new SignInMismatchError('person')
  return found
}

function checkTimes({ issuedAt, expiresAt }: IdToken, now: number): void {
  if (expiresAt < now) throw new SignInMismatchError('expired')
  if (issuedAt > now + SKEW) throw new SignInMismatchError('early')
  if (expiresAt > issuedAt + DAY) throw new SignInMismatchError('lifetime')
}
