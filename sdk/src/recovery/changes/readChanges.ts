import { type Address, numberToHex } from 'viem'
import { readFromChains } from '../../config/chainWork.ts'
import { type RekeyConfig, selectChains } from '../../config/createConfig.ts'
import { readTogether } from '../../config/readTogether.ts'
import { type Change, changeKinds } from '../../encoding/changes.ts'
import type { BaseError } from '../../errors/base.ts'
import { type PolicyAux, type PolicyHead, policyQuestions } from '../recoveryState.ts'

/** A change that the owner has announced on a chain; times in Unix seconds. */
export type PendingChange = Change & {
  /**
   * `waiting` until `readyAt`. `held` until `heldUntil`: a recovery that nobody can veto waits. `ready`: can be applied until
   * `closesAt`. `lapsed`: nobody applied it in time. `superseded`: a recovery or another policy took effect.
   */
  readonly state: 'waiting' | 'held' | 'ready' | 'lapsed' | 'superseded'
  readonly readyAt: number
  readonly closesAt: number
  readonly heldUntil?: number | undefined
}

/** What is announced on one chain, or why that could not be read. */
export type ChainChange =
  | { readonly chainId: number; readonly change: PendingChange | undefined }
  | { readonly chainId: number; readonly error: BaseError }

/** Time to apply what was announced, in seconds. */
const changeWindow = 14 * 86_400

/**
 * Reads which change of policy, uninstall or upgrade waits on each chain: one request per chain.
 *
 * @example
 * for (const chain of await readChanges(config, { address })) if ('change' in chain && chain.change) warn(chain)
 * @see SPEC §8.6
 */
export async function readChanges(
  config: RekeyConfig,
  parameters: { address: Address; chainIds?: readonly number[] | undefined; signal?: AbortSignal | undefined },
): Promise<ChainChange[]> {
  const { address, chainIds, signal } = parameters
  const questions = policyQuestions(config.contracts, address)
  const answers = await readFromChains(
    selectChains(config, chainIds),
    (chain) => readTogether(chain, questions),
    signal,
  )
  return answers.map((answer): ChainChange => {
    const chainId = answer.chain.id
    return 'error' in answer ? { chainId, error: answer.error } : { chainId, change: judgeChange(answer.value) }
  })
}

type StoredChange = {
  readonly value: bigint
  readonly readyAt: number
  readonly issuedAt: number
  readonly kind: number
  readonly epoch: number
}

/** Judges what a chain stores, in the order in which the contract would refuse to apply it. Pure. */
export function judgeChange(reading: {
  readonly now: number
  readonly head: Pick<PolicyHead, 'epoch'>
  readonly change: StoredChange
  readonly aux: Pick<PolicyAux, 'holdUntil' | 'holdEpoch'>
}): PendingChange | undefined {
  const { now, head, change, aux } = reading
  const kinds = Object.keys(changeKinds) as (keyof typeof changeKinds)[]
  const kind = kinds.find((name) => changeKinds[name] === change.kind)
  if (!kind) return undefined
  const closesAt = change.readyAt + changeWindow
  const { issuedAt, readyAt } = change
  const found = { kind, value: numberToHex(change.value, { size: 20 }), issuedAt, readyAt, closesAt }
  if (change.epoch !== head.epoch) return { ...found, state: 'superseded' }
  if (now < readyAt) return { ...found, state: 'waiting' }
  if (now >= closesAt) return { ...found, state: 'lapsed' }
  if (aux.holdEpoch === head.epoch && now < aux.holdUntil) return { ...found, state: 'held', heldUntil: aux.holdUntil }
  return { ...found, state: 'ready' }
}
