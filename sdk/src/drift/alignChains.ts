import { encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { type SignedUserOp, sendSignedCalls, signCallsOnChains } from '../actions/signedCalls.ts'
import {
  type ChainOutcome,
  type ChainResult,
  type OnProgress,
  readFromChains,
  runOnChains,
} from '../config/chainWork.ts'
import { getChain } from '../config/createConfig.ts'
import { deliverCall } from '../config/relayCall.ts'
import type { BaseError } from '../errors/base.ts'
import { createAndSetUp } from '../recovery/ensureSetUp.ts'
import { encodeAlignment, findWantedPolicy, keyOf } from './alignCalls.ts'
import type { ChainAccount } from './chainAccount.ts'
import { type ChainComparison, type CompareChainsParameters, compareChains } from './compareChains.ts'
import type { ChainDifference } from './judgeChains.ts'

/** What {@link alignChains} takes. */
export type AlignChainsParameters = CompareChainsParameters & {
  /** Bytes of policies, from a kit for example, where no node tells them. */
  policies?: readonly Hex[] | undefined
}

/** How an account's chains are brought in line. */
export type AlignmentPlan = {
  /** What differs where and why: to be shown before anyone signs. */
  readonly comparison: ChainComparison
  /**
   * Brings every chain in line that can be, with one prompt for all of them, or none where the owner's word is not needed.
   * Called again, it compares anew and goes on with the chains that are left; what was signed is sent again without
   * another prompt, as long as it holds.
   */
  apply(parameters?: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined }): Promise<ChainResult[]>
}

/**
 * Compares an account's chains and plans how to bring them in line: the account set up, its newest guardians, and the same
 * passkeys everywhere.
 *
 * A passkey that some chain has and none has removed is added on the others: show the list before `apply`, and name what
 * is not the owner's in `unwanted`.
 *
 * @throws {BaseError} what the first chain said, when none could be read.
 * @example
 * const plan = await alignChains(account)
 * if (!plan.comparison.isAligned) await plan.apply()
 * @see SPEC §8.8
 */
export async function alignChains(
  account: PasskeyAccount,
  parameters: AlignChainsParameters = {},
): Promise<AlignmentPlan> {
  const comparison = await compareChains(account, parameters)
  const signed = new Map<number, { key: string; op: SignedUserOp }>()
  return { comparison, apply: (options = {}) => apply(account, parameters, signed, options) }
}

type Signed = Map<number, { key: string; op: SignedUserOp }>
type Task = {
  readonly id: number
  readonly chain: ChainAccount
  readonly differences: readonly ChainDifference[]
  readonly key: string
}

async function apply(
  account: PasskeyAccount,
  parameters: AlignChainsParameters,
  signed: Signed,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<ChainResult[]> {
  const { chains } = await compareChains(account, { ...parameters, signal })
  const results = new Map<number, ChainResult>()
  const settle = (result: ChainResult): void => {
    results.set(result.chainId, result)
    onProgress?.(result)
  }
  const tasks: Task[] = []
  for (const compared of chains) {
    const { chainId: id } = compared
    if ('error' in compared) settle({ chainId: id, status: 'failed', error: compared.error })
    else
      tasks.push({ id, chain: compared.account, differences: compared.differences, key: keyOf(compared.differences) })
  }
  const own = tasks.filter(({ key }) => key !== '')
  const others = tasks.filter(({ key }) => key === '')
  const [relayed, sent] = await Promise.all([
    runOnChains(others, (task) => deliver(account, task, parameters.policies ?? [], signal), { signal, onProgress }),
    sendOwn(account, own, { parameters, signed, signal, onProgress }),
  ])
  for (const result of [...relayed, ...sent]) results.set(result.chainId, result)
  return chains.flatMap(({ chainId }) => results.get(chainId) ?? [])
}

/** Does what anyone may: sets the account up, and puts announced guardians into effect. */
async function deliver(
  { config, address, genesis }: PasskeyAccount,
  { id, differences }: Task,
  given: readonly Hex[],
  signal: AbortSignal | undefined,
): Promise<ChainOutcome> {
  const chain = getChain(config, id)
  let outcome: ChainOutcome = { status: 'skipped' }
  for (const difference of differences) {
    if (difference.fix !== 'relay') continue
    if (difference.kind === 'notSetUp') {
      await createAndSetUp(chain, config.contracts, { genesis, signal })
      outcome = { status: 'done' }
      continue
    }
    const args = [address, await findWantedPolicy(config, address, difference.wanted, given)] as const
    const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'applyPolicy', args })
    outcome = await deliverCall(chain, { to: config.contracts.guardianRecovery, data, signal })
  }
  return outcome
}

/** Sends what its owner has signed before, and has the rest signed, with one prompt. */
async function sendOwn(
  account: PasskeyAccount,
  tasks: readonly Task[],
  { parameters, signed, signal, onProgress }: OwnParameters,
): Promise<ChainResult[]> {
  const settled = new Map<number, ChainResult>()
  const send = async (ops: readonly SignedUserOp[]): Promise<void> => {
    for (const result of await runOnChains(ops, (op) => sendSignedCalls(account, op, signal), { signal })) {
      settled.set(result.chainId, result)
      if (result.status === 'done' || isSpent(result.error)) signed.delete(result.chainId)
    }
  }
  const isSigned = ({ id, key }: Task): boolean => signed.get(id)?.key === key
  await send(tasks.filter(isSigned).flatMap(({ id }) => signed.get(id)?.op ?? []))
  const fresh = tasks.filter((task) => settled.get(task.id)?.status !== 'done' && !isSigned(task))
  const encoded = await readFromChains(
    fresh,
    ({ chain, differences }) =>
      encodeAlignment(account.config, account.address, chain, differences, parameters.policies ?? []),
    signal,
  )
  const batches = encoded.flatMap((answer) =>
    'value' in answer ? [{ chainId: answer.chain.id, calls: answer.value }] : [],
  )
  for (const answer of encoded)
    if ('error' in answer)
      settled.set(answer.chain.id, { chainId: answer.chain.id, status: 'failed', error: answer.error })
  if (batches.length > 0) {
    const answer = await signCallsOnChains(account, { batches, signal })
    for (const result of answer.failed) settled.set(result.chainId, result)
    for (const op of answer.signed) signed.set(op.id, { key: fresh.find(({ id }) => id === op.id)?.key ?? '', op })
    await send(answer.signed)
  }
  for (const result of settled.values()) onProgress?.(result)
  return [...settled.values()]
}

type OwnParameters = {
  readonly parameters: AlignChainsParameters
  readonly signed: Signed
  readonly signal: AbortSignal | undefined
  readonly onProgress: OnProgress | undefined
}

/** What a bundler or chain has judged will not be judged otherwise the next time; one that did not answer may. */
function isSpent(error: BaseError | undefined): boolean {
  return (
    error !== undefined && !['CHAIN_UNREACHABLE', 'CHAIN_BUNDLER_UNREACHABLE', 'CHAIN_ABORTED'].includes(error.code)
  )
}
