import { type Address, hexToBigInt } from 'viem'
import { getCode, readContract } from 'viem/actions'
import { rekeyAccountAbi } from '../abis/used.ts'
import { passkeysQuestion, type StoredPasskey } from '../accounts/accountState.ts'
import { type KnownCredential, readKnownCredentials } from '../accounts/credentialEvents.ts'
import { toChainError } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readTogether } from '../config/readTogether.ts'
import type { BaseError } from '../errors/base.ts'
import { judgeChange } from '../recovery/changes/readChanges.ts'
import { policyQuestions } from '../recovery/recoveryState.ts'

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

/** Reads an account on one chain: everything that can differ from other chains. */
export async function readChainAccount(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  account: Address,
): Promise<ChainAccount> {
  const events = readKnownCredentials(chain, contracts, { account }).then(
    (known) => ({ known, eventsError: undefined }),
    (error: unknown) => ({ known: [], eventsError: toChainError(error, chain.id) }),
  )
  const questions = { state: passkeysQuestion(contracts, account), ...policyQuestions(contracts, account) }
  const [reading, code, told] = await Promise.all([
    readTogether(chain, questions),
    getCode(chain.client, { address: account }),
    events,
  ])
  const { now, state, head, change } = reading
  const isCreated = code !== undefined
  return {
    chainId: chain.id,
    now,
    isCreated,
    ...state,
    ...told,
    policyId: head.policyId,
    setAt: head.setAt,
    floor: head.floor,
    announced: findAnnounced(judgeChange(reading)),
    changeIssuedAt: change.issuedAt,
    ...(isCreated ? await readCode(chain, account) : { generation: undefined, implementation: undefined }),
  }
}

/** A policy that is announced and can still take effect: not before a recovery that nobody can veto is over. */
function findAnnounced(change: ReturnType<typeof judgeChange>): AnnouncedPolicy | undefined {
  if (change?.kind !== 'policy' || !['waiting', 'held', 'ready'].includes(change.state)) return undefined
  const { value, issuedAt, readyAt, heldUntil = readyAt } = change
  return { id: hexToBigInt(value), issuedAt, readyAt: heldUntil }
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
