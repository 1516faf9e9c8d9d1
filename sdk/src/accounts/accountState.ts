import { type Address, type ContractFunctionReturnType, type Hex, slice } from 'viem'
import { getCode, readContract } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { ask, type Question } from '../config/readTogether.ts'

/** A passkey as a chain stores it. */
export type StoredPasskey = {
  /** Where it is, 0 to 31. */
  readonly index: number
  /** Low 192 bits of the credential's commitment. */
  readonly commitment: Hex
  /** Whether it has shown that it can sign. */
  readonly isProven: boolean
}

/** The passkeys of an account on one chain. */
export type PasskeyState = {
  /** It has its first passkey, or later ones: what it was created with no longer matters. */
  readonly isSetUp: boolean
  readonly passkeys: readonly StoredPasskey[]
}

/** An account on one chain. */
export type AccountState = PasskeyState & {
  /** It has code. */
  readonly isCreated: boolean
}

/** Reads what a chain knows about an account. */
export async function readAccountState(
  chain: ConfiguredChain,
  contracts: Contracts,
  account: Address,
): Promise<AccountState> {
  const [code, state] = await Promise.all([
    getCode(chain.client, { address: account }),
    readPasskeys(chain, contracts, account),
  ])
  return { isCreated: code !== undefined, ...state }
}

/** Reads which passkeys an account has on a chain: one request. */
export async function readPasskeys(
  { client }: ConfiguredChain,
  contracts: Contracts,
  account: Address,
): Promise<PasskeyState> {
  return toPasskeyState(await readContract(client, getCredentials(contracts, account)))
}

/** The question which passkeys an account has, to be asked together with others. */
export function passkeysQuestion(contracts: Contracts, account: Address): Question<PasskeyState> {
  const question = ask(getCredentials(contracts, account))
  return { ...question, read: (answer) => toPasskeyState(question.read(answer)) }
}

function getCredentials({ passkeyValidator }: Contracts, account: Address) {
  const args = [account] as const
  return { address: passkeyValidator, abi: passkeyValidatorAbi, functionName: 'getCredentials', args } as const
}

function toPasskeyState([indexes, commitments, proven]: ContractFunctionReturnType<
  typeof passkeyValidatorAbi,
  'view',
  'getCredentials'
>): PasskeyState {
  const passkeys = indexes.map((index, place) => ({
    index,
    commitment: commitments[place] ?? '0x',
    isProven: proven[place] ?? false,
  }))
  return { isSetUp: passkeys.length > 0, passkeys }
}

/** Returns the part of a commitment that the chains store: its low 192 bits. */
export function truncateCommitment(commitment: Hex): Hex {
  return slice(commitment, 8)
}

/** Returns the stored passkey with this commitment (32 bytes). */
export function findPasskey({ passkeys }: Pick<PasskeyState, 'passkeys'>, commitment: Hex): StoredPasskey | undefined {
  const truncated = truncateCommitment(commitment).toLowerCase()
  return passkeys.find((passkey) => passkey.commitment.toLowerCase() === truncated)
}
