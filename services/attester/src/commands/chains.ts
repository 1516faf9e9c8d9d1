import { findContractError, isRekeyError } from '@rekey/sdk/errors'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type ChainRegistry, type KeyState, openRegistry, type RegistryTerms } from '../chain/registry.ts'
import type { SignerSettings } from '../settings.ts'

/** What a command found on a chain; a chain that does not answer is told of, and left. */
export type ChainView =
  | { readonly chain: ChainRegistry; readonly state: KeyState; readonly terms: RegistryTerms; readonly time: number }
  | { readonly chain: ChainRegistry; readonly problem: string }

/** Asks every chain about a key. */
export function viewChains(settings: SignerSettings, keyId: Hex): Promise<readonly ChainView[]> {
  const payer = privateKeyToAccount(settings.ATTESTER_ACCOUNT_KEY)
  return Promise.all(
    settings.ATTESTER_CHAINS.map(async (one): Promise<ChainView> => {
      const chain = openRegistry(one, settings.ATTESTER_REGISTRY, payer)
      try {
        const [state, terms, time] = await Promise.all([chain.keyState(keyId), chain.terms(), chain.time()])
        return { chain, state, terms, time }
      } catch (error) {
        return { chain, problem: reasonOf(error) }
      }
    }),
  )
}

/** Delivers to one chain; a line that says how it went. */
export async function deliverTo(chain: ChainRegistry, data: Hex): Promise<CommandLine> {
  try {
    return { isDone: true, text: `Chain ${chain.chainId}: done, transaction ${await chain.send(data)}.` }
  } catch (error) {
    return { isDone: false, text: `Chain ${chain.chainId}: not done. ${reasonOf(error)}` }
  }
}

/** One line for whoever runs a command. */
export type CommandLine = { readonly isDone: boolean; readonly text: string }

/** What went wrong, without addresses of nodes, which may have keys in them. */
export function reasonOf(error: unknown): string {
  const refusal = findContractError(error)
  if (isRekeyError(refusal, 'CONTRACT_SUSPENDED_TOO_OFTEN')) {
    const [, next] = refusal.args as readonly [attester: string, next: bigint]
    return `This attester has suspended a key within the last month, and may do so again on ${dateOf(Number(next))}.`
  }
  if (refusal !== undefined) return [refusal.shortMessage, ...refusal.metaMessages].join(' ')
  return isRekeyError(error) ? error.shortMessage : 'Its node does not answer.'
}

/** A time on chain, for people. */
export function dateOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
