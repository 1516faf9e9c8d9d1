import { type Address, bytesToHex, concat, type Hex, isAddressEqual, size, slice, zeroAddress } from 'viem'
import { oidcRecoveryValidator } from '../config/contracts.generated.ts'
import { encodeOidcNotes, findOidcNote, type OidcNote } from '../encoding/oidcNote.ts'
import { guardianKinds, type Policy } from '../encoding/policy.ts'
import { buildGuardian, type GuardianInput, type GuardianOptions } from '../recovery/guardians.ts'
import { decodeOidcKey, encodeOidcKey, type OidcIdentity, oidcIdentityHash } from './identity.ts'

/** Somebody at an issuer as guardian. */
export type OidcGuardianParameters = Omit<OidcIdentity, 'salt' | 'keys'> & {
  /** 32 bytes. Default: fresh random ones. */
  readonly salt?: Hex | undefined
} & (
    | {
        /** OidcKeyRegistry that says which keys are the issuer's. */
        readonly registry: Address
      }
    | {
        /** Hashes of the issuer's keys, for ever: the guardian is lost when the issuer has put all of them away. */
        readonly keys: readonly Hex[]
      }
  )

/** A guardian of a policy who approves by signing in. */
export type OidcInPolicy = OidcNote & {
  /** Place of the guardian in the policy. */
  readonly guardianIndex: number
  readonly registry: Address
}

const signerSize = 72

/**
 * Names somebody's account at an OpenID Connect issuer as guardian. Take `issuer` and `subject` from an ID token of a real
 * sign-in: so it is known that the person has the account, and that its tokens are in a form that is accepted.
 *
 * @throws {EncodingError} when it has too many audiences or keys, or none.
 * @example
 * const { issuer, subject, audience } = parseIdToken(token)
 * const guardian = oidcGuardian({ issuer, subject, audiences: [audience], registry })
 * @see SPEC §10, OidcRecoveryValidator
 */
export function oidcGuardian(parameters: OidcGuardianParameters, options: GuardianOptions = {}): GuardianInput {
  const { issuer, audiences, subject } = parameters
  const salt = parameters.salt ?? bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  const isPinned = 'keys' in parameters
  const keys = isPinned ? { keys: parameters.keys } : {}
  const identity = oidcIdentityHash({ issuer, audiences, subject, salt, ...keys })
  const registry = isPinned ? zeroAddress : parameters.registry
  const signer = concat([oidcRecoveryValidator, encodeOidcKey({ registry, identity })])
  const guardian = buildGuardian(guardianKinds.oidc, signer, options)
  return { ...guardian, needsEvidence: true, notes: encodeOidcNotes({ identity, issuer, audiences, salt, ...keys }) }
}

/** Lists the guardians of a policy who approve by signing in and are not hidden. */
export function findOidcGuardians(policy: Pick<Policy, 'guardians' | 'notes'>): OidcInPolicy[] {
  return policy.guardians.flatMap(({ signer, isHidden }, guardianIndex) => {
    if (isHidden || size(signer) !== signerSize || !isAddressEqual(slice(signer, 0, 20), oidcRecoveryValidator))
      return []
    const { registry, identity } = decodeOidcKey(slice(signer, 20))
    const note = findOidcNote(policy, identity)
    return note ? [{ ...note, guardianIndex, registry }] : []
  })
}
