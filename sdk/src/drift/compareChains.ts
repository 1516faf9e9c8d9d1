import type { Address, Hex } from 'viem'
import type { AccountGenesis } from '../accounts/genesis.ts'
import { readFromChains } from '../config/chainWork.ts'
import { type RekeyConfig, selectChains } from '../config/createConfig.ts'
import type { BaseError } from '../errors/base.ts'
import { type ChainAccount, readChainAccount } from './chainAccount.ts'
import { type ChainDifference, judgeChains, type WantedState } from './judgeChains.ts'

/** An account on one chain, and in what it differs there; or why it could not be read. */
export type ComparedChain =
  | { readonly chainId: number; readonly account: ChainAccount; readonly differences: readonly ChainDifference[] }
  | { readonly chainId: number; readonly error: BaseError }

/** An account on all of its chains. */
export type ChainComparison = {
  readonly wanted: WantedState
  readonly chains: readonly ComparedChain[]
  /** Every chain answered, and none differs in anything that can be brought in line. */
  readonly isAligned: boolean
}

/** What {@link compareChains} takes. */
export type CompareChainsParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  /** Commitments of passkeys to treat as removed, although no chain has removed them. */
  unwanted?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Finds out on which chains an account differs from the others: not set up, without guardians or with older ones, without
 * a passkey or with one that was removed elsewhere, not recovered. It reads and asks nobody.
 *
 * @param account - The account, or its config, address and genesis.
 * @throws {BaseError} what the first chain said, when none could be read.
 * @example
 * const { chains, isAligned } = await compareChains(account)
 * for (const chain of chains) if ('differences' in chain) for (const one of chain.differences) console.log(chain.chainId, explainDifference(one))
 * @see SPEC §8.8
 */
export async function compareChains(
  {
    config,
    address,
    genesis,
  }: { readonly config: RekeyConfig; readonly address: Address; readonly genesis: AccountGenesis },
  { chainIds, unwanted, signal }: CompareChainsParameters = {},
): Promise<ChainComparison> {
  const selected = selectChains(config, chainIds)
  const answers = await readFromChains(selected, (chain) => readChainAccount(config, chain, address), signal)
  const accounts = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (accounts.length === 0 && failed) throw failed
  const { wanted, differences } = judgeChains(accounts, genesis, unwanted)
  const chains = answers.map((answer): ComparedChain => {
    const chainId = answer.chain.id
    if ('error' in answer) return { chainId, error: answer.error }
    return { chainId, account: answer.value, differences: differences.get(chainId) ?? [] }
  })
  const isAligned = chains.every((chain) => 'account' in chain && chain.differences.every(({ fix }) => fix === 'none'))
  return { wanted, chains, isAligned }
}

/** Says in one sentence what differs and why, for people. */
export function explainDifference(difference: ChainDifference): string {
  switch (difference.kind) {
    case 'notSetUp':
      return 'The account has not been created here: it has its first passkey and guardians, and nothing that came later.'
    case 'policy':
      return explainPolicy(difference)
    case 'passkeyMissing': {
      const where = `A passkey that was added on ${list(difference.newerOn)} is missing here.`
      return difference.fix === 'none' ? `${where} No event tells it: add it again on its own device.` : where
    }
    case 'passkeyExtra':
      return difference.newerOn.length > 0
        ? `A passkey that was removed on ${list(difference.newerOn)} still works here.`
        : 'A passkey that is not wanted any more still works here.'
    case 'recovery':
      return `None of the passkeys here is one of those on ${list(difference.newerOn)}: deliver the recovery of there to this chain.`
    case 'generation':
      return 'A recovery threw out foreign modules on another chain; those installed here, if any, still work.'
    case 'implementation':
      return 'The account runs other code here than on other chains.'
  }
}

function explainPolicy(difference: Extract<ChainDifference, { kind: 'policy' }>): string {
  const { why, newerOn, readyAt = 0 } = difference
  switch (why) {
    case 'missing':
      return `There are no guardians here: those of ${list(newerOn)} were never delivered.`
    case 'older':
      return `The guardians here are older than those of ${list(newerOn)}.`
    case 'announced':
      return `New guardians were announced here and take effect from ${new Date(readyAt * 1_000).toISOString()}.`
  }
}

function list(chainIds: readonly number[]): string {
  return chainIds.length === 0 ? 'another chain' : `chain ${chainIds.join(', ')}`
}
