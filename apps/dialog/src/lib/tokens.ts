import type { RekeyConfig } from '@rekey/sdk'
import { type Address, erc20Abi, formatUnits } from 'viem'
import { readContract } from 'viem/actions'
import { plainText } from './plainText.ts'

/** What a token says about itself. Anybody can write a token that calls itself anything: its address is shown beside it. */
export type TokenFacts = { readonly symbol: string; readonly decimals: number }

/** Asks a token for its symbol and decimals. */
export async function readToken(
  { chains }: RekeyConfig,
  { chainId, address }: { chainId: number; address: Address },
): Promise<TokenFacts | undefined> {
  const client = chains.find(({ id }) => id === chainId)?.client
  if (!client) return undefined
  const token = { address, abi: erc20Abi }
  try {
    const [symbol, decimals] = await Promise.all([
      readContract(client, { ...token, functionName: 'symbol' }),
      readContract(client, { ...token, functionName: 'decimals' }),
    ])
    return { symbol: plainText(symbol, 12), decimals }
  } catch {
    return undefined
  }
}

/** Writes an amount of a token; without its facts, in the token's smallest unit. */
export function formatTokenAmount(amount: bigint, token: TokenFacts | undefined): string {
  return token ? `${formatUnits(amount, token.decimals)} ${token.symbol}` : `${amount} units of this token`
}
