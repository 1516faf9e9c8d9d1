import type { Hex } from 'viem'
import { readContract } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'

/** A passkey's assertion over a challenge, to be checked as the contracts will check it. */
export type Possession = {
  readonly challenge: Hex
  readonly possession: Hex
  /** Of the passkey, 32 bytes. */
  readonly commitment: Hex
}

/** Asks the contract on a chain whether it takes a passkey's assertion: what it refuses later is known before it matters. */
export function isPossessed(
  { client }: ConfiguredChain,
  { passkeyValidator }: Pick<Contracts, 'passkeyValidator'>,
  { challenge, possession, commitment }: Possession,
): Promise<boolean> {
  return readContract(client, {
    address: passkeyValidator,
    abi: passkeyValidatorAbi,
    functionName: 'validateSignatureWithData',
    args: [challenge, possession, commitment],
  })
}
