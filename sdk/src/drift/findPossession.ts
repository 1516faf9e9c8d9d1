import { type Address, decodeFunctionData, getAbiItem, type Hex, toFunctionSelector } from 'viem'
import { getContractEvents, getTransaction } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import type { KnownCredential } from '../accounts/credentialEvents.ts'
import { proveDigest } from '../accounts/newPasskey.ts'
import { isPossessed } from '../accounts/possession.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import { credentialCommitment } from '../webauthn/credential.ts'

const addCredentialSelector = toFunctionSelector(getAbiItem({ abi: passkeyValidatorAbi, name: 'addCredential' })).slice(
  2,
)

/**
 * Finds the signature by which a passkey showed, when it was added on another chain, that it belongs to the account. It
 * names no chain, so that it holds on each, and the passkey's device need not be here.
 *
 * @returns `0x` when no transaction has one that holds: then the passkey is added without.
 */
export async function findPossession(
  { contracts }: RekeyConfig,
  chains: readonly ConfiguredChain[],
  { account, passkey }: { account: Address; passkey: KnownCredential },
): Promise<Hex> {
  const { passkeyValidator } = contracts
  const { commitment, credential } = passkey
  const challenge = proveDigest({ contracts }, { account, commitment })
  const read = async (chain: ConfiguredChain): Promise<Hex | undefined> => {
    const events = await readEvents(chain, (range) =>
      getContractEvents(chain.client, {
        address: passkeyValidator,
        abi: passkeyValidatorAbi,
        eventName: 'CredentialAdded',
        args: { account, idHash: credential.idHash },
        strict: true,
        ...range,
      }),
    )
    for (const { transactionHash } of events) {
      const { input } = await getTransaction(chain.client, { hash: transactionHash })
      for (const possession of findPossessions(input, commitment))
        if (await isPossessed(chain, contracts, { challenge, possession, commitment })) return possession
    }
    return undefined
  }
  const answers = await readFromChains(chains, read)
  return answers.flatMap((answer) => ('value' in answer ? (answer.value ?? []) : []))[0] ?? '0x'
}

/** Returns what a transaction hands to `addCredential` for a passkey, wherever in it the call is. */
export function findPossessions(input: Hex, commitment: Hex): Hex[] {
  const found: Hex[] = []
  for (
    let at = input.indexOf(addCredentialSelector, 2);
    at !== -1;
    at = input.indexOf(addCredentialSelector, at + addCredentialSelector.length)
  ) {
    const possession = at % 2 === 0 ? readPossession(`0x${input.slice(at)}`, commitment) : undefined
    if (possession !== undefined && possession !== '0x') found.push(possession)
  }
  return found
}

function readPossession(data: Hex, commitment: Hex): Hex | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: passkeyValidatorAbi, data })
    if (functionName !== 'addCredential') return undefined
    const [credential, , possession] = args
    return credentialCommitment(credential) === commitment ? possession : undefined
  } catch {
    // Bytes that only look like the call.
    return undefined
  }
}
