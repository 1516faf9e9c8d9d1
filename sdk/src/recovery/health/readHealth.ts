import { type Address, type Hex, hexToBigInt, slice, zeroHash } from 'viem'
import { recoveryCodeVerifierAbi } from '../../abis/used.ts'
import { passkeysQuestion } from '../../accounts/accountState.ts'
import { readFromChains } from '../../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../../config/createConfig.ts'
import { ask, readTogether } from '../../config/readTogether.ts'
import { decodeCodeKey } from '../../encoding/codes.ts'
import { guardianKinds, type Policy } from '../../encoding/policy.ts'
import { isRekeyError } from '../../errors/base.ts'
import { judgeChange } from '../changes/readChanges.ts'
import { findPolicy } from '../findPolicy.ts'
import { type ChainHistory, readHistory } from '../history/readHistory.ts'
import {
  isBenched,
  type PolicyAux,
  type PolicyHead,
  policyQuestions,
  type RecoveryRecord,
  recordQuestion,
  recordStatus,
} from '../recoveryState.ts'
import { type Health, type HealthFacts, judgeHealth } from './judgeHealth.ts'

/** What {@link readHealth} takes. */
export type ReadHealthParameters = {
  address: Address
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  /** What is known of the owner's passkeys; the chains do not tell. */
  passkeys?: HealthFacts['passkeys']
  /** Bytes of policies from a kit, a sheet or a link. */
  policies?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Reads from the chains how good an account's recovery is: score, findings, reasons and fixes. It needs no passkey.
 *
 * @example
 * const { score, findings } = await readHealth(config, { address: account.address })
 */
export async function readHealth(config: RekeyConfig, parameters: ReadHealthParameters): Promise<Health> {
  return judgeHealth(await readHealthFacts(config, parameters))
}

/** Reads what {@link judgeHealth} judges. */
export async function readHealthFacts(
  config: RekeyConfig,
  { address, chainIds, passkeys, policies, signal }: ReadHealthParameters,
): Promise<HealthFacts> {
  const [found, history] = await Promise.all([
    findPolicy(config, { account: address, chainIds, policies, signal }).catch((error: unknown) => {
      if (isRekeyError(error, 'RECOVERY_NO_POLICY')) return undefined
      throw error
    }),
    readHistory(config, { address, chainIds, signal }),
  ])
  const policy = found?.policy.policy
  const codes = findCodes(policy)
  const readings = await readFromChains(
    selectChains(config, chainIds),
    (chain) => readChain(config, chain, { address, root: codes?.root, digests: findStarted(history, chain.id) }),
    signal,
  )
  const seen = readings.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  const spent = seen.reduce((bits, one) => bits | one.spent, 0n)
  return {
    now: Math.max(0, ...seen.map(({ now }) => now)),
    policy,
    chains: readings.map((answer) => {
      const chainId = answer.chain.id
      if ('error' in answer) return { chainId, isUnreachable: true }
      const { head, state, pendingRecoveries } = answer.value
      const change = judgeChange(answer.value)
      return {
        chainId,
        policyId: head.policyId,
        passkeys: state.passkeys.map(({ commitment }) => commitment),
        hasPendingChange: change !== undefined && ['waiting', 'held', 'ready'].includes(change.state),
        pendingRecoveries,
      }
    }),
    provenAt: findProven(history, found?.policy.hash),
    passkeys,
    codesLeft: codes && codes.count - countBits(spent),
  }
}

/** Recoveries that may still wait: the last that were started on a chain. */
function findStarted(history: readonly ChainHistory[], chainId: number): Hex[] {
  const started = history.flatMap((chain) =>
    chain.chainId === chainId && 'entries' in chain
      ? chain.entries.flatMap((entry) => (entry.kind === 'RecoveryStarted' ? [entry.args.digest] : []))
      : [],
  )
  return [...new Set(started)].slice(-8)
}

async function readChain(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  { address, root = zeroHash, digests }: { address: Address; root: Hex | undefined; digests: readonly Hex[] },
) {
  const reading = await readTogether(chain, {
    state: passkeysQuestion(contracts, address),
    ...policyQuestions(contracts, address),
    spent: ask({
      address: contracts.recoveryCodeVerifier,
      abi: recoveryCodeVerifierAbi,
      functionName: 'spentOf',
      args: [contracts.guardianRecovery, address, root],
    }),
  })
  const questions = digests.map((digest) => [digest, recordQuestion(contracts, { account: address, digest })] as const)
  const { now: _, ...records } = await readTogether(chain, Object.fromEntries(questions))
  const pending = Object.values(records).filter((record) => isWaiting(record, reading))
  return { ...reading, pendingRecoveries: pending.length }
}

/** Tells whether a recovery can still be executed, now or later. */
function isWaiting(record: RecoveryRecord, { now, head, aux }: { now: number; head: PolicyHead; aux: PolicyAux }) {
  const isScheduled = record.status === recordStatus.scheduled && !isBenched(record, aux)
  return (
    (isScheduled || record.status === recordStatus.protected) &&
    record.epoch === head.epoch &&
    now < record.readyAt + record.windowHours * 3_600
  )
}

function findCodes(policy: Policy | undefined): { root: Hex; count: number } | undefined {
  const guardian = policy?.guardians.find(({ kind, isHidden }) => kind === guardianKinds.codes && !isHidden)
  return guardian && decodeCodeKey(slice(guardian.signer, 20))
}

/** When each guardian of a policy last showed in a drill, or by a vote, that it can sign. */
function findProven(history: readonly ChainHistory[], policy: Hex | undefined): Record<number, number> {
  const proven: Record<number, number> = {}
  for (const chain of history)
    for (const entry of 'entries' in chain ? chain.entries : []) {
      if (entry.kind !== 'GuardiansProven' || policy === undefined) continue
      if (hexToBigInt(entry.args.policyHash) !== hexToBigInt(policy)) continue
      for (let index = 0; index < 32; index += 1)
        if ((entry.args.votes >>> index) & 1) proven[index] = Math.max(proven[index] ?? 0, entry.time ?? 0)
    }
  return proven
}

function countBits(bits: bigint): number {
  return bits.toString(2).replaceAll('0', '').length
}
