import { PersonalClaimsError, SignInMismatchError } from '../errors/oidc.ts'
import type { IdToken } from './idToken.ts'

/** Seconds that the contracts let a token come from the future. */
export const clockSkew = 300
const day = 86_400

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
 * @param now - Unix time in seconds.
 * @throws {SignInMismatchError} when the contracts would refuse a token for its times.
 */
export function checkTimes({ issuedAt, expiresAt }: IdToken, now: number): void {
  if (expiresAt < now) throw new SignInMismatchError('expired')
  if (issuedAt > now + clockSkew) throw new SignInMismatchError('early')
  if (expiresAt > issuedAt + day) throw new SignInMismatchError('lifetime')
}

/** @throws {PersonalClaimsError} when a token says more of a person than it has to. */
export function checkPrivacy({ claims }: IdToken): void {
  const personal = claims.filter((claim) => personalClaims.includes(claim))
  if (personal.length > 0) throw new PersonalClaimsError(personal)
}

/** Parties that a token names: for whom it is, and who asked for it if that is another. */
export function partiesOf({ audience, authorizedParty }: IdToken): readonly string[] {
  return authorizedParty === undefined ? [audience] : [audience, authorizedParty]
}
