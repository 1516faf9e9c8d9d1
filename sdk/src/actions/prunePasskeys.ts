import type { Hex } from 'viem'
import { findPasskey, readPasskeys, truncateCommitment } from '../accounts/accountState.ts'
import { readKnownCredentials } from '../accounts/credentialEvents.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { credentialCommitment, toRpIdHash } from '../webauthn/credential.ts'
import { type PasskeySignals, signalAcceptedPasskeys, signalUnknownPasskey } from '../webauthn/signal.ts'

/** What {@link prunePasskeys} takes. */
export type PrunePasskeysParameters = {
  /**
   * Also those that no chain ever heard of, because adding them failed. One that another device is adding at this moment
   * would go, too. Default: no.
   */
  includesUnlisted?: boolean | undefined
  /** Stands in for `PublicKeyCredential`. */
  signals?: PasskeySignals | undefined
  signal?: AbortSignal | undefined
}

/** What {@link prunePasskeys} did. */
export type PrunedPasskeys = {
  /** Passkeys of this relying party that no chain takes any more. */
  readonly ids: readonly Hex[]
  /**
   * `signalled`: the browser was told. `unsupported`: it has no way of being told. `uncertain`: a chain did not answer, or
   * hides events, so that nobody can say which passkeys are out; nothing was told.
   */
  readonly status: 'signalled' | 'unsupported' | 'uncertain'
}

/**
 * Tells the device's passkey providers which passkeys of the account open it no more, so that they stop offering them: for
 * use after a removal and after a recovery. Providers may delete them.
 *
 * It tells nothing unless every chain has answered, and it never throws because of a browser.
 *
 * @example
 * await removePasskey(account, { commitment })
 * await prunePasskeys(account)
 */
export async function prunePasskeys(
  account: PasskeyAccount,
  { includesUnlisted = false, signals, signal }: PrunePasskeysParameters = {},
): Promise<PrunedPasskeys> {
  const { config, genesis } = account
  const answers = await readFromChains(config.chains, (chain) => readMembers(account, chain), signal)
  const members = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  if (members.length < answers.length) return { ids: [], status: 'uncertain' }
  const takenAnywhere = new Set(members.flatMap(({ taken }) => taken))
  const here = members
    .flatMap(({ known }) => known)
    .filter(({ credential }) => credential.rpIdHash === toRpIdHash(config.rpId))
  const idsOf = (isTaken: boolean): Hex[] => [
    ...new Set(
      here.flatMap(({ commitment, credentialId }) =>
        takenAnywhere.has(truncateCommitment(commitment)) === isTaken ? (credentialId ?? []) : [],
      ),
    ),
  ]
  const [kept, ids] = [idsOf(true), idsOf(false)]
  const outcomes = await Promise.all(ids.map((id) => signalUnknownPasskey({ rpId: config.rpId, id }, signals)))
  if (includesUnlisted && members.every(({ isExplained }) => isExplained)) {
    const accepted = { rpId: config.rpId, userHandle: genesis.handle, ids: [...kept, account.credential.id] }
    outcomes.push(await signalAcceptedPasskeys(accepted, signals))
  }
  return { ids, status: outcomes.includes('unsupported') ? 'unsupported' : 'signalled' }
}

/** Which passkeys a chain takes, and all that it ever took. */
async function readMembers(
  { config, address, genesis }: Pick<PasskeyAccount, 'config' | 'address' | 'genesis'>,
  chain: ConfiguredChain,
) {
  await checkChain(chain)
  const { contracts }: RekeyConfig = config
  const [state, events] = await Promise.all([
    readPasskeys(chain, contracts, address),
    readKnownCredentials(chain, contracts, { account: address }),
  ])
  const first = { commitment: credentialCommitment(genesis.credential), ...genesis }
  // Where the account is not set up, the passkey it was created with is the one that opens it.
  const known = state.isSetUp ? events : [...events, first]
  const taken = state.isSetUp
    ? state.passkeys.map(({ commitment }) => commitment.toLowerCase())
    : [truncateCommitment(first.commitment)]
  const explained = events.filter(({ commitment }) => findPasskey(state, commitment))
  return {
    known,
    taken,
    isExplained: new Set(explained.map(({ commitment }) => commitment)).size === state.passkeys.length,
  }
}
