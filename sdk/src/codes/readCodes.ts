import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import { recoveryCodeVerifierAbi } from '../abis/used.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../config/createConfig.ts'
import type { BaseError } from '../errors/base.ts'
import { getPolicy } from '../recovery/getPolicy.ts'
import { findCodeSets } from './guardian.ts'

/** A set of codes in force on a chain. */
export type CodesOnChain = {
  /** Six characters that the sheet shows too. */
  readonly name: string
  readonly root: Hex
  /** For every code, in the order of the sheet, whether it has been used there. */
  readonly spent: readonly boolean[]
  readonly left: number
}

/** What is left of an account's codes. */
export type CodesState = {
  readonly chains: readonly (
    | { readonly chainId: number; readonly sets: readonly CodesOnChain[] }
    | { readonly chainId: number; readonly error: BaseError }
  )[]
  /** Codes that are good on every chain that answers and has codes; 0 when there is none. */
  readonly left: number
  /** A code has been used on a chain, or there is none: a new set is due. */
  readonly isReplacementDue: boolean
}

/**
 * Reads which codes have been used, on every chain.
 *
 * @throws {AbortedError} when the signal fired.
 * @example
 * const { left, isReplacementDue } = await readCodes(config, { account: '0x…' })
 */
export async function readCodes(
  config: RekeyConfig,
  parameters: {
    account: Address
    /** Default: all chains of the config. */
    chainIds?: readonly number[] | undefined
    signal?: AbortSignal | undefined
  },
): Promise<CodesState> {
  const { account, chainIds, signal } = parameters
  const read = (chain: ConfiguredChain) => readSets(config, chain, account)
  const answers = await readFromChains(selectChains(config, chainIds), read, signal)
  const chains = answers.map(({ chain, ...answer }) =>
    'value' in answer ? { chainId: chain.id, sets: answer.value } : { chainId: chain.id, error: answer.error },
  )
  const sets = chains.flatMap((chain) => ('sets' in chain ? chain.sets : []))
  return {
    chains,
    left: sets.length > 0 ? Math.min(...sets.map((set) => set.left)) : 0,
    isReplacementDue: sets.length === 0 || sets.some(({ spent }) => spent.includes(true)),
  }
}

/** Reads the codes of a set that have been used in recoveries on one chain, as bits: bit 0 is the first. */
export async function readSpent(
  { client }: ConfiguredChain,
  { contracts }: Pick<RekeyConfig, 'contracts'>,
  { account, root }: { account: Address; root: Hex },
): Promise<bigint> {
  return readContract(client, {
    address: contracts.recoveryCodeVerifier,
    abi: recoveryCodeVerifierAbi,
    functionName: 'spentOf',
    args: [contracts.guardianRecovery, account, root],
  })
}

async function readSets(config: RekeyConfig, chain: ConfiguredChain, account: Address): Promise<CodesOnChain[]> {
  await checkChain(chain)
  const found = await getPolicy(config, { address: account, chainId: chain.id })
  if (!found) return []
  const sets = findCodeSets(config, found.policy)
  return Promise.all(
    sets.map(async ({ name, set: { root, count } }) => {
      const bits = await readSpent(chain, config, { account, root })
      const spent = Array.from({ length: count }, (_, index) => ((bits >> BigInt(index)) & 1n) === 1n)
      return { name, root, spent, left: spent.filter((isSpent) => !isSpent).length }
    }),
  )
}
