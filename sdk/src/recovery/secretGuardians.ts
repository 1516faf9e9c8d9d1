import { type Address, type Hex, isAddressEqual, size, slice } from 'viem'
import type { Contracts } from '../config/contracts.ts'
import {
  encodeCodeNotes,
  encodePassphraseNote,
  findCodeAddresses,
  findOidcParts,
  findPassphraseNote,
  placeNotes,
} from '../encoding/notes.ts'
import { type Guardian, guardianKinds, type Policy, type Tier } from '../encoding/policy.ts'
import { isReached, policyLimits } from '../encoding/validatePolicy.ts'
import { GuardianNoteMissingError, SecretAloneError } from '../errors/policy.ts'
import type { GuardianInput } from './guardians.ts'

/**
 * Refuses what the contracts let pass: secrets that could take the account alone at once, and such as could never be used.
 *
 * @throws {SecretAloneError} {@link GuardianNoteMissingError}
 */
export function checkSecretGuardians(
  contracts: Pick<Contracts, 'recoveryCodeVerifier'>,
  tiers: readonly Tier[],
  guardians: readonly GuardianInput[],
): void {
  for (const secret of ['passphrase', 'codes'] as const) {
    const alone = guardians.filter((guardian) => secretOf(contracts, guardian) === secret)
    for (const tier of tiers)
      if (tier.delay < policyLimits.minSingleDelay && isReached(tier, alone))
        throw new SecretAloneError(secret, tier.delay)
    for (const guardian of alone)
      if (!guardian.isHidden && notesOf(guardian, { notes: placeNotes(guardian.notes ?? [], []) }).length === 0)
        throw new GuardianNoteMissingError(secret)
  }
}

/** Returns a policy's guardians as they are named for another policy, with what belongs to them. */
export function toGuardianInputs(policy: Pick<Policy, 'guardians' | 'notes'>): GuardianInput[] {
  return policy.guardians.map((guardian) => {
    const notes = notesOf(guardian, policy)
    return notes.length > 0 ? { ...guardian, notes } : guardian
  })
}

/** What kind of secret a guardian is; codes by their verifier, whatever kind the owner calls them. */
function secretOf({ recoveryCodeVerifier }: Pick<Contracts, 'recoveryCodeVerifier'>, guardian: Guardian) {
  if (isCodes(guardian, recoveryCodeVerifier)) return 'codes'
  const { kind } = guardian
  return kind === guardianKinds.passphrase ? 'passphrase' : kind === guardianKinds.codes ? 'codes' : undefined
}

function isCodes({ signer, isHidden }: Guardian, verifier: Address): boolean {
  return !isHidden && size(signer) === codesSize && isAddressEqual(slice(signer, 0, 20), verifier)
}

const codesSize = 53
const signInSize = 72

/** The notes of a guardian, packed anew, so that none of another is among them. */
function notesOf({ signer, isHidden }: Guardian, policy: Pick<Policy, 'notes'>): Hex[] {
  if (isHidden) return []
  if (size(signer) === 20) {
    const note = findPassphraseNote(policy, signer)
    return note ? [encodePassphraseNote(note)] : []
  }
  if (size(signer) === signInSize) return findOidcParts(policy, slice(signer, 40))
  if (size(signer) !== codesSize || Number(slice(signer, 52)) > 16) return []
  const addresses = findCodeAddresses(policy, slice(signer, 20))
  return addresses ? encodeCodeNotes(addresses) : []
}
