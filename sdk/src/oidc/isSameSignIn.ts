import { placeNotes } from '../encoding/notes.ts'
import type { GuardianInput } from '../recovery/guardians.ts'
import { findOidcGuardians } from './guardian.ts'
import { oidcIdentityHash } from './identity.ts'

/**
 * Tells whether a guardian is somebody's account at an issuer. Each time an account is named it has another salt, so that two
 * guardians can be one person, whom a policy would count twice.
 *
 * @example
 * const isThere = guardians.some((guardian) => isSameSignIn(guardian, { issuer, subject }))
 */
export function isSameSignIn(
  guardian: GuardianInput,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): boolean {
  const notes = placeNotes(guardian.notes ?? [], [])
  return findOidcGuardians({ guardians: [guardian], notes }).some(
    (known) => known.issuer === issuer && oidcIdentityHash({ ...known, subject }) === known.identity,
  )
}
