import { type Address, encodeFunctionData, type Hex, isAddressEqual, keccak256, zeroHash } from 'viem'
import { getContractEvents } from 'viem/actions'
import { guardianRecoveryAbi, passkeyValidatorAbi, rekeyAccountAbi, rekeyAccountFactoryAbi } from '../abis/used.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import type { Credential } from '../encoding/credential.ts'
import type { Call } from '../encoding/execution.ts'
import { accountAddress, type Genesis } from '../encoding/genesis.ts'
import { GenesisUnknownError } from '../errors/account.ts'
import { credentialCommitment } from '../webauthn/credential.ts'

/** Everything it takes to create an account on a chain; its address commits to all of it. */
export type AccountGenesis = {
  /** The credential the account was created with. */
  readonly credential: Credential
  readonly credentialId: Hex
  /** Bytes of the first policy, or `0x` when the account was created without guardians. */
  readonly policy: Hex
  /** The user handle of the first passkey, 32 random bytes. */
  readonly handle: Hex
}

/** Returns what the account's address commits to. */
export function toGenesis({ credential, policy, handle }: AccountGenesis): Genesis {
  return {
    credential: credentialCommitment(credential),
    policy: policy === '0x' ? zeroHash : keccak256(policy),
    handle,
  }
}

/** Returns the address of the account with this genesis. */
export function genesisAddress(
  { factory, implementation }: Pick<Contracts, 'factory' | 'implementation'>,
  genesis: AccountGenesis,
): Address {
  return accountAddress({ factory, implementation, ...toGenesis(genesis) })
}

/** Returns the call to the factory that creates the account without setting it up. */
export function encodeCreateAccount({ implementation }: Contracts, genesis: AccountGenesis): Hex {
  const { credential, policy, handle } = toGenesis(genesis)
  return encodeFunctionData({
    abi: rekeyAccountFactoryAbi,
    functionName: 'createAccount',
    args: [implementation, credential, policy, handle],
  })
}

/** Returns the call to the factory that creates the account, where it is missing, and sets it up. */
export function encodeCreateAndSetup({ implementation }: Contracts, genesis: AccountGenesis): Hex {
  const { credential, credentialId, policy, handle } = genesis
  return encodeFunctionData({
    abi: rekeyAccountFactoryAbi,
    functionName: 'createAndSetup',
    args: [implementation, credential, credentialId, policy, handle],
  })
}

/** Returns the call to the account that sets it up; it does nothing where that has been done. */
export function encodeSetup(account: Address, genesis: AccountGenesis): Call {
  const { credential, credentialId, policy, handle } = genesis
  const args = [credential, credentialId, policy, handle] as const
  return { to: account, data: encodeFunctionData({ abi: rekeyAccountAbi, functionName: 'setup', args }) }
}

/**
 * Finds out from the chains' events how an account came to be. What a node says is checked: only one genesis leads to the
 * account's address.
 *
 * @throws {GenesisUnknownError} when no chain that answered has set the account up.
 * @see SPEC §6, Genesis by address
 */
export async function findGenesis(
  config: RekeyConfig,
  account: Address,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<AccountGenesis> {
  const answers = await readFromChains(config.chains, (chain) => readGenesis(config, chain, account), signal)
  for (const answer of answers) if ('value' in answer && answer.value) return answer.value
  const failed = answers.flatMap((answer) =>
    'error' in answer ? [`chain ${answer.chain.id}: ${answer.error.shortMessage}`] : [],
  )
  throw new GenesisUnknownError(account, failed.length > 0 ? failed.join(' ') : undefined)
}

async function readGenesis(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  account: Address,
): Promise<AccountGenesis | undefined> {
  const { client } = chain
  const source = { address: account, abi: rekeyAccountAbi, eventName: 'AccountSetUp', strict: true } as const
  const created = await readEvents(chain, (range) => getContractEvents(client, { ...source, ...range }))
  for (const { args, blockNumber } of created) {
    const block = { fromBlock: blockNumber, toBlock: blockNumber, strict: true } as const
    const [credentials, policies] = await Promise.all([
      getContractEvents(client, {
        ...block,
        address: contracts.passkeyValidator,
        abi: passkeyValidatorAbi,
        eventName: 'CredentialAdded',
        args: { account },
      }),
      getContractEvents(client, {
        ...block,
        address: contracts.guardianRecovery,
        abi: guardianRecoveryAbi,
        eventName: 'PolicySet',
        args: { account },
      }),
    ])
    const policyBytes = ['0x' as const, ...policies.map((policy) => policy.args.policy)]
    for (const added of credentials)
      for (const policy of policyBytes) {
        const { credential, credentialId } = added.args
        const genesis = { credential, credentialId, policy, handle: args.handle }
        if (isAddressEqual(genesisAddress(contracts, genesis), account)) return genesis
      }
  }
  return undefined
}
