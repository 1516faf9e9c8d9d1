import type { Address } from 'viem'
import { getBlock, getCode, readContract } from 'viem/actions'
import { guardianRecoveryAbi, rekeyAccountAbi } from '../abis/used.ts'
import { readPasskeys, type StoredPasskey } from '../accounts/accountState.ts'
import { type KnownCredential, readKnownCredentials } from '../accounts/credentialEvents.ts'
import { checkChain, toChainError } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { changeKinds } from '../encoding/changes.ts'
import type { BaseError } from '../errors/base.ts'
import { readPolicyHead } from '../recovery/recoveryState.ts'

/** A policy that was announced on a chain and has not taken effect; times in Unix seconds of its clock. */
export type AnnouncedPolicy = {
  /** Low 160 bits of its hash. */
  readonly id: bigint
  readonly issuedAt: number
  readonly readyAt: number
}

/** An account as one chain has it; times in Unix seconds of its clock. */
export type ChainAccount = {
  readonly chainId: number
  readonly now: number
  readonly isCreated: boolean
  readonly isSetUp: boolean
  readonly passkeys: readonly StoredPasskey[]
  /** Every passkey it ever had there, as far as the node tells events. */
  readonly known: readonly KnownCredential[]
  /** Why the node told no events; what was removed there is not known then. */
  readonly eventsError: BaseError | undefined
  /** Low 160 bits of the policy's hash, 0 without guardians. */
  readonly policyId: bigint
  /** When the policy took effect there. */
  readonly setAt: number
  /** When the last message that took effect there was issued. */
  readonly floor: number
  readonly announced: AnnouncedPolicy | undefined
  /** When the last change announced or called off there was issued; a new one has to be later. */
  readonly changeIssuedAt: number
  /** Recoveries that threw out foreign modules or other code; `undefined` before the account is created. */
  readonly generation: number | undefined
  readonly implementation: Address | undefined
}

/** For how long an announced change may be put into effect once it is ready, in seconds. */
const changeWindow = 14 * 86_400

/** Reads an account on one chain: everything that can differ from other chains. */
export async function readChainAccount(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  account: Address,
): Promise<ChainAccount> {
  const { client } = chain
  await checkChain(chain)
  const change = { address: contracts.guardianRecovery, abi: guardianRecoveryAbi, args: [account] } as const
  const events = readKnownCredentials(chain, contracts, { account }).then(
    (known) => ({ known, error: undefined }),
    (error: unknown) => ({ known: [], error: toChainError(error, chain.id) }),
  )
  const [{ timestamp }, code, state, head, pending, told] = await Promise.all([
    getBlock(client),
    getCode(client, { address: account }),
    readPasskeys(chain, contracts, account),
    readPolicyHead(chain, contracts, account),
    readContract(client, { ...change, functionName: 'getChange' }),
    events,
  ])
  const isCreated = code !== undefined
  const now = Number(timestamp)
  const isAnnounced =
    pending.kind === changeKinds.policy && pending.epoch === head.epoch && now < pending.readyAt + changeWindow
  return {
    chainId: chain.id,
    now,
    isCreated,
    ...state,
    known: told.known,
    eventsError: told.error,
    policyId: head.policyId,
    setAt: head.setAt,
    floor: head.floor,
    announced: isAnnounced ? { id: pending.value, issuedAt: pending.issuedAt, readyAt: pending.readyAt } : undefined,
    changeIssuedAt: pending.issuedAt,
    ...(isCreated ? await readCode(chain, account) : { generation: undefined, implementation: undefined }),
  }
}

async function readCode(
  { client }: ConfiguredChain,
  account: Address,
): Promise<{ generation: number; implementation: Address }> {
  const source = { address: account, abi: rekeyAccountAbi } as const
  const [generation, implementation] = await Promise.all([
    readContract(client, { ...source, functionName: 'generation' }),
    readContract(client, { ...source, functionName: 'implementation' }),
  ])
  return { generation, implementation }
}
