import { type Address, type Hex, hashTypedData } from 'viem'
import { type AccountGenesis, findGenesis } from '../accounts/genesis.ts'
import { createLaterHandle } from '../accounts/handles.ts'
import { isPossessed } from '../accounts/possession.ts'
import { listPasskeys } from '../actions/listPasskeys.ts'
import { untilAborted } from '../config/abort.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { tellCreated } from '../config/seenPasskeys.ts'
import { passkeyTypedData, type Recovery, recoveryTypedData } from '../encoding/typedData.ts'
import { NewPasskeyUnusableError } from '../errors/recovery.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { createCredential } from '../webauthn/createCredential.ts'
import { credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { findPolicy } from './findPolicy.ts'
import { createRequest, type RecoveryRequest } from './recoveryRequest.ts'
import { chooseIssuedAt } from './recoveryState.ts'

/** What {@link startRecovery} takes. */
export type StartRecoveryParameters = {
  /** Address of the account. */
  account: Address
  /** Name of the new passkey as devices show it. */
  name: string
  /** What stays besides the new passkey: 1 passkeys, 2 signers, 4 sessions, 8 foreign modules, added up. Default: nothing. */
  keep?: number | undefined
  /** Chains to recover on. Default: all, also those the account has not been used on. */
  chainIds?: readonly number[] | undefined
  /** How long guardians have to approve, in seconds, at most 30 days. Default: 30 days. */
  lifetime?: number | undefined
  /** What the account came from, where it is known, as from a kit. Default: found out from the chains. */
  genesis?: AccountGenesis | undefined
  /** Bytes of policies from a kit, a sheet or a link; used where the chain's hash says they are right. */
  policies?: readonly Hex[] | undefined
  /**
   * Make the new passkey also on a device that holds one that works: for an owner who cannot use that one. It stays where
   * it is. Default: no.
   */
  allowsSecondPasskey?: boolean | undefined
  /** Container for the new passkey. Default: the config's. */
  credentials?: CredentialsContainerLike | undefined
  signal?: AbortSignal | undefined
}

const longestLifetime = 30 * 86_400

/**
 * Begins a recovery on this device: a new passkey (first prompt) signs that it can sign (second prompt). Nothing is sent:
 * guardians approve what comes back, then `submit` delivers it to every chain.
 *
 * The new passkey replaces no other on its device, whatever becomes of the recovery.
 *
 * @throws {PolicyNotFoundError} when the account has no guardians on any chain that answers; before any prompt.
 * @throws {GenesisUnknownError} when no chain tells how the account came to be.
 * @throws {WebAuthnAlreadyRegisteredError} when the device holds a passkey that still works on all of the chains.
 * @throws {NewPasskeyUnusableError} when a contract would not accept the new passkey's signature.
 * @example
 * const request = await startRecovery(config, { account: '0x…', name: 'Ada' })
 * sendToGuardian(request.toLink('https://example.com/approve'))
 * @see SPEC §8
 */
export async function startRecovery(
  config: RekeyConfig,
  parameters: StartRecoveryParameters,
): Promise<RecoveryRequest> {
  const { account, name, keep = 0, chainIds, lifetime = longestLifetime, signal } = parameters
  const credentials = parameters.credentials ?? config.credentials
  const { policy, chains } = await findPolicy(config, parameters)
  const genesis = parameters.genesis ?? (await findGenesis(config, account, { signal }))
  const [issuedAt, excludeCredentials] = await Promise.all([
    untilAborted(chooseIssuedAt(chains, config.contracts, account), signal),
    parameters.allowsSecondPasskey ? [] : findWorkingPasskeys(config, parameters),
  ])

  const created = await createCredential({
    rpId: config.rpId,
    rpName: config.rpName,
    userName: name,
    userHandle: createLaterHandle(),
    excludeCredentials,
    origins: config.origins,
    credentials,
    signal,
  })
  const { credential: passkey } = tellCreated(config, created, name)
  const recovery: Recovery = {
    account,
    policy: policy.hash,
    credential: toCredential(passkey),
    keep,
    chainIds: (chainIds ?? []).map(BigInt).toSorted((a, b) => (a < b ? -1 : 1)),
    issuedAt,
    deadline: issuedAt + Math.min(lifetime, longestLifetime),
  }
  const digest = hashTypedData(recoveryTypedData(config.contracts.guardianRecovery, 'Recovery', recovery))
  const challenge = hashTypedData(
    passkeyTypedData(config.contracts.passkeyValidator, 'Possession', { recovery: digest }),
  )
  const { assertion } = await getAssertion({
    rpId: passkey.rpId,
    origins: passkey.origins,
    allowCredentials: [passkey.id],
    challenge,
    credentials,
    signal,
  })
  const possession = encodeAssertion({ credential: passkey, assertion })
  await checkPossession(config, chains, { recovery, challenge, possession }, signal)
  return createRequest(config, { recovery, policyBytes: policy.bytes, genesis, passkey, possession, approvals: [] })
}

/**
 * Ids of passkeys that have signed and still do, on all of these chains that answer: whoever holds one needs no recovery.
 * Of a passkey that came by a recovery no chain knows the id.
 */
async function findWorkingPasskeys(
  config: RekeyConfig,
  { account, chainIds, signal }: StartRecoveryParameters,
): Promise<Hex[]> {
  const { chains } = await listPasskeys({ config, address: account }, { chainIds, signal })
  const lists = chains.flatMap((chain) =>
    'passkeys' in chain && chain.isSetUp
      ? [chain.passkeys.flatMap(({ isProven, known }) => (isProven ? (known?.credentialId ?? []) : []))]
      : [],
  )
  return (lists[0] ?? []).filter((id) => lists.every((list) => list.includes(id)))
}

/** Asks the contract that will check it later: a key that cannot sign must not replace one that can. */
async function checkPossession(
  { contracts }: RekeyConfig,
  chains: readonly ConfiguredChain[],
  { recovery, challenge, possession }: { recovery: Recovery; challenge: Hex; possession: Hex },
  signal: AbortSignal | undefined,
): Promise<void> {
  const proof = { challenge, possession, commitment: credentialCommitment(recovery.credential) }
  const answers = await readFromChains(chains, (chain) => isPossessed(chain, contracts, proof), signal)
  for (const answer of answers)
    if ('value' in answer && !answer.value)
      throw new NewPasskeyUnusableError(`chain ${answer.chain.id} does not accept its signature`)
}
