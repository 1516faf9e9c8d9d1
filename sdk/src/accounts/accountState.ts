import { type Address, type Hex, slice } from 'viem'
import { getCode, readContract } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'

/** A passkey as a chain stores it. */
export type StoredPasskey = {
  /** Where it is, 0 to 31. */
  readonly index: number
  /** Low 192 bits of the credential's commitment. */
  readonly commitment: Hex
  /** Whether it has shown that it can sign. */
  readonly isProven: boolean
}

/** An account on one chain. */
export type AccountState = {
  /** It has code. */
  readonly isCreated: boolean
  /** It has its first passkey, or later ones: what it was created with no longer matters. */
  readonly isSetUp: boolean
  readonly passkeys: readonly StoredPasskey[]
}

/** Reads what a chain knows about an account. */
export async function readAccountState(
  { client }: ConfiguredChain,
  contracts: Contracts,
  account: Address,
): Promise<AccountState> {
  const [code, [indexes, commitments, proven]] = await Promise.all([
    getCode(client, { address: account }),
    readContract(client, {
      address: contracts.passkeyValidator,
      abi: passkeyValidatorAbi,
      functionName: 'getCredentials',
      args: [account],
    }),
  ])
  const passkeys = indexes.map((index, place) => ({
    index,
    commitment: commitments[place] ?? '0x',
    isProven: proven[place] ?? false,
  }))
  return { isCreated: code !== undefined, isSetUp: passkeys.length > 0, passkeys }
}

/** Returns the part of a commitment that the chains store: its low 192 bits. */
export function truncateCommitment(commitment: Hex): Hex {
  return slice(commitment, 8)
}

/** Returns the stored passkey with this commitment (32 bytes). */
export function findPasskey({ passkeys }: Pick<AccountState, 'passkeys'>, commitment: Hex): StoredPasskey | undefined {
  const truncated = truncateCommitment(commitment).toLowerCase()
  return passkeys.find((passkey) => passkey.commitment.toLowerCase() === truncated)
}
