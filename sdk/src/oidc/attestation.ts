import type { Address, Hex } from 'viem'
import { type IssuerKey, issuerKeyHash, oidcAlgorithms } from './issuerKey.ts'

/** What an attester saw at an issuer, as a registry of keys takes it. */
export type JwksObservation = {
  readonly issuer: string
  readonly kid: string
  /** Number of {@link oidcAlgorithms}. */
  readonly algorithm: number
  /** See {@link issuerKeyHash}. */
  readonly keyHash: Hex
  /** Seconds since 1970. */
  readonly observedAt: number
}

/** One attester's word against a key. */
export type Suspension = {
  /** See {@link issuerKeyId}. */
  readonly keyId: Hex
  /** Seconds since 1970. */
  readonly issuedAt: number
}

const observationTypes = {
  JwksObservation: [
    { name: 'issuer', type: 'string' },
    { name: 'kid', type: 'string' },
    { name: 'algorithm', type: 'uint8' },
    { name: 'keyHash', type: 'bytes32' },
    { name: 'observedAt', type: 'uint40' },
  ],
} as const

const suspensionTypes = {
  Suspension: [
    { name: 'keyId', type: 'bytes32' },
    { name: 'issuedAt', type: 'uint40' },
  ],
} as const

const revocationTypes = { Revocation: [{ name: 'keyId', type: 'bytes32' }] } as const

/** Returns the message for a key that an issuer shows. */
export function toObservation(issuer: string, kid: string, key: IssuerKey, observedAt: number): JwksObservation {
  return { issuer, kid, algorithm: oidcAlgorithms[key.algorithm], keyHash: issuerKeyHash(key), observedAt }
}

/**
 * What attesters sign (EIP-712) to tell a registry which key an issuer shows. It names no chain: it counts wherever the
 * registry is at this address.
 *
 * @see SPEC §10, OidcKeyRegistry
 */
export function observationTypedData(registry: Address, message: JwksObservation) {
  return { domain: domainOf(registry), types: observationTypes, primaryType: 'JwksObservation', message } as const
}

/** What one attester signs to take the trust from a key for seven days. */
export function suspensionTypedData(registry: Address, message: Suspension) {
  return { domain: domainOf(registry), types: suspensionTypes, primaryType: 'Suspension', message } as const
}

/** What a quorum of attesters sign to take the trust from a key for ever. */
export function revocationTypedData(registry: Address, keyId: Hex) {
  return { domain: domainOf(registry), types: revocationTypes, primaryType: 'Revocation', message: { keyId } } as const
}

function domainOf(registry: Address) {
  return { name: 'Rekey Keys', version: '1', verifyingContract: registry } as const
}
