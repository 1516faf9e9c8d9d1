import type { Address, Hex } from 'viem'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { EncodingError } from '../errors/encoding.ts'
import { NoListedPasskeyError } from '../errors/passkeys.ts'
import { toRpIdHash } from '../webauthn/credential.ts'
import { findPasskey, readPasskeys } from './accountState.ts'
import { readKnownCredentials } from './credentialEvents.ts'

/**
 * Finds the ids of the account's passkeys on this relying party that some chain takes and names.
 *
 * @throws {NoListedPasskeyError} when there is none.
 */
export async function findListedIds(
  { chains, contracts, rpId }: RekeyConfig,
  account: Address | undefined,
  signal: AbortSignal | undefined,
): Promise<Hex[]> {
  if (!account) throw new EncodingError('request to sign in', 'a security key needs the address of its account')
  const read = async (chain: ConfiguredChain) => {
    const [state, known] = await Promise.all([
      readPasskeys(chain, contracts, account),
      readKnownCredentials(chain, contracts, { account }),
    ])
    return known.filter(({ commitment }) => findPasskey(state, commitment))
  }
  const answers = await readFromChains(chains, read, signal)
  const ids = answers
    .flatMap((answer) => ('value' in answer ? answer.value : []))
    .flatMap(({ credential, credentialId }) => (credential.rpIdHash === toRpIdHash(rpId) ? (credentialId ?? []) : []))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (ids.length === 0) throw failed ?? new NoListedPasskeyError(account, rpId)
  return [...new Set(ids)]
}
