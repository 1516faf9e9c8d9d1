import type { Hex } from 'viem'
import { tellUsed } from '../config/seenPasskeys.ts'
import { frameGenesisSignature } from '../encoding/genesis.ts'
import { PasskeyCannotSignError } from '../errors/account.ts'
import { WebAuthnResponseError } from '../errors/webauthn.ts'
import { type Assertion, encodeAssertion, statelessIndex } from '../webauthn/assertion.ts'
import { credentialCommitment, credentialFlags, toCredential } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { verifyAssertion } from '../webauthn/verifyAssertion.ts'
import { findPasskey, type PasskeyState } from './accountState.ts'
import { toGenesis } from './genesis.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'

/**
 * Asks the account's passkey to sign 32 bytes: one prompt.
 *
 * @throws {WebAuthnNotAllowedError} when the prompt was closed, timed out, or the passkey is not here.
 * @throws {WebAuthnResponseError} when another key answered under the passkey's id.
 */
export async function signDigest(
  { config, credential }: Pick<PasskeyAccount, 'config' | 'credential'>,
  digest: Hex,
  signal?: AbortSignal,
): Promise<Assertion> {
  const answer = await getAssertion({
    rpId: credential.rpId,
    origins: credential.origins,
    allowsCrossOrigin: (credential.flags & credentialFlags.crossOrigin) !== 0,
    allowCredentials: [credential.id],
    challenge: digest,
    credentials: config.credentials,
    signal,
  })
  const { assertion } = tellUsed(config, answer, credential.rpId)
  if (!(await verifyAssertion(credential.publicKey, assertion)))
    throw new WebAuthnResponseError('publicKey', 'another key signed')
  return assertion
}

/** How the account's passkey signs on a chain: by its place there, or as the credential the address commits to. */
export type SigningPlace = { readonly kind: 'stored'; readonly index: number } | { readonly kind: 'genesis' }

/**
 * Finds out how the account's passkey signs on a chain.
 *
 * @throws {PasskeyCannotSignError} when it does not sign there.
 */
export function findSigningPlace(account: PasskeyAccount, chainId: number, state: PasskeyState): SigningPlace {
  const commitment = credentialCommitment(toCredential(account.credential))
  if (!state.isSetUp && toGenesis(account.genesis).credential === commitment) return { kind: 'genesis' }
  const stored = findPasskey(state, commitment)
  if (stored) return { kind: 'stored', index: stored.index }
  throw new PasskeyCannotSignError({ account: account.address, chainId, isSetUp: state.isSetUp })
}

/** Packs an assertion as the account on that chain takes it from a userOp. */
export function frameUserOpSignature(
  { credential, genesis }: PasskeyAccount,
  place: SigningPlace,
  assertion: Assertion,
  proof?: readonly Hex[],
): Hex {
  const index = place.kind === 'stored' ? place.index : statelessIndex
  const blob = encodeAssertion({ credential, assertion, index, proof })
  return place.kind === 'stored' ? blob : frameGenesisSignature(toGenesis(genesis), blob)
}
