import type { Address, Hex } from 'viem'
import { readPasskeys, type StoredPasskey, truncateCommitment } from '../accounts/accountState.ts'
import { type KnownCredential, readKnownCredentials } from '../accounts/credentialEvents.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../config/createConfig.ts'
import type { BaseError } from '../errors/base.ts'

/** A passkey of an account on a chain: what the chain stores, and what its events tell besides. */
export type ListedPasskey = StoredPasskey & {
  /** Absent when no event explains what the chain stores: then the node hides events, or lies. */
  readonly known: KnownCredential | undefined
}

/** The passkeys of an account on one chain, or why they could not be read. */
export type ChainPasskeys =
  | { readonly chainId: number; readonly isSetUp: boolean; readonly passkeys: readonly ListedPasskey[] }
  | { readonly chainId: number; readonly error: BaseError }

/** The passkeys of an account on all chains asked. */
export type PasskeyList = {
  readonly chains: readonly ChainPasskeys[]
  /** Commitments (low 192 bits) that some of the chains on which the account is set up have and others have not. */
  readonly differing: readonly Hex[]
}

/**
 * Lists the passkeys of an account on every chain, rebuilt from events and checked against what the chains store.
 *
 * @example
 * const { chains, differing } = await listPasskeys(account)
 */
export async function listPasskeys(
  { config, address }: Pick<PasskeyAccount, 'config' | 'address'>,
  { chainIds, signal }: { chainIds?: readonly number[] | undefined; signal?: AbortSignal | undefined } = {},
): Promise<PasskeyList> {
  const answers = await readFromChains(
    selectChains(config, chainIds),
    (chain) => listOn(config, chain, address),
    signal,
  )
  const chains = answers.map(
    (answer): ChainPasskeys =>
      'value' in answer
        ? { chainId: answer.chain.id, ...answer.value }
        : { chainId: answer.chain.id, error: answer.error },
  )
  return { chains, differing: findDiffering(chains) }
}

async function listOn({ contracts }: RekeyConfig, chain: ConfiguredChain, account: Address) {
  await checkChain(chain)
  const [{ isSetUp, passkeys }, known] = await Promise.all([
    readPasskeys(chain, contracts, account),
    readKnownCredentials(chain, contracts, { account }),
  ])
  const findKnown = (stored: Hex) => {
    const matches = known.filter(({ commitment }) => truncateCommitment(commitment) === stored.toLowerCase())
    return matches.find(({ credentialId }) => credentialId !== undefined) ?? matches[0]
  }
  return { isSetUp, passkeys: passkeys.map((passkey) => ({ ...passkey, known: findKnown(passkey.commitment) })) }
}

function findDiffering(chains: readonly ChainPasskeys[]): Hex[] {
  const lists = chains.flatMap((chain) =>
    'passkeys' in chain && chain.isSetUp ? [new Set(chain.passkeys.map(({ commitment }) => commitment))] : [],
  )
  const all = new Set(lists.flatMap((list) => [...list]))
  return [...all].filter((commitment) => !lists.every((list) => list.has(commitment)))
}
