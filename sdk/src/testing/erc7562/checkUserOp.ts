/**
 * A checker for ERC-7562, the validation scope rules: would the public mempool take this userOp?
 *
 * It traces `EntryPoint.handleOps([userOp])` on a node with `debug_traceCall` and JavaScript tracers (tested on anvil),
 * cuts the validation into the phases of factory, account and paymaster, and judges each by rule number. It works with
 * any account on EntryPoint v0.8, sends nothing, and needs no bundler.
 *
 * **Judged.**
 * - OP-011 blocked opcodes, BLOBHASH and BLOBBASEFEE among them; OP-012 GAS only right before a *CALL; OP-013 unassigned
 *   opcodes (by the Osaka fork); OP-020 out of gas in any frame; OP-080 BALANCE and SELFBALANCE.
 * - OP-031 CREATE2 once, by the deployment, of the account.
 * - OP-041 and OP-042 *CALL and EXTCODE* of addresses without code; OP-062 precompiles 0x01–0x11 and, by option, 0x100.
 *   Any other code-less address up to 0xffff is taken for a precompile that is not accepted.
 * - OP-051 to OP-055 use of the EntryPoint, numbered as in the text that allows `incrementNonce` as OP-054 (older texts
 *   call "any other access" OP-054); OP-061 value.
 * - STO-010, STO-021, STO-022, STO-031, STO-032, STO-033, for TLOAD and TSTORE too (OP-070). `keccak(A ‖ x)` is taken at
 *   its word: 64 bytes, A padded to 32, hashed during this validation, and n from 0 to 128.
 * - The size of the userOp and the verification gas limits it declares.
 *
 * **Stricter than some bundlers, on purpose.** Storage of a paymaster or factory is the entity's own (STO-031), even at
 * slots associated with the account; CREATE by an account in deployment is not excused; what passes here passes there.
 *
 * **Not judged.**
 * - COD-010 (code unchanged between two validations), STO-040, STO-041 (other userOps in the mempool), GREP, SREP, UREP,
 *   EREP, AREP, ALT: a bundler's memory of many userOps, nothing one userOp shows. Among them EREP-050, the stake of a
 *   paymaster that returns a context, which the versions of the text do not agree on.
 * - EIP-7702 authorizations (AUTH): the delegation must be on the chain already.
 * - Aggregators: a userOp that names one makes `handleOps` revert, which is reported.
 * - `preVerificationGas`, gas slack, context and bundle sizes: the bundler's estimate.
 *
 * Whether the userOp is *valid* is not a rule, but is reported: `revert` holds why the EntryPoint refused it.
 *
 * @see https://eips.ethereum.org/EIPS/eip-7562
 * @module
 */
import { type Address, type Client, decodeErrorResult, type Hex, isAddressEqual, toHex } from 'viem'
import { entryPoint08Abi, entryPoint08Address, type PackedUserOperation } from 'viem/account-abstraction'
import { getCode, readContract } from 'viem/actions'
import { Erc7562TraceError, Erc7562ViolationError } from './errors.ts'
import { judgeTrace } from './judge.ts'
import { defaultLimits, judgeLimits, type Limits } from './limits.ts'
import { type Entity, splitPhases, type ValidationContext } from './phases.ts'
import type { ValidationTrace } from './trace.ts'
import { tracerSource } from './tracer.ts'
import { type AnyUserOp, encodeHandleOps, factoryOf, gasLimitsOf, packUserOp, paymasterOf } from './userOp.ts'
import type { Violation } from './violation.ts'

/** An EOA nobody has the key of; EntryPoint v0.8 takes `handleOps` from an EOA only. */
const bundler: Address = '0x4337000000000000000000000000000000007562'

/** Cap of a transaction's gas since Osaka (EIP-7825); nodes refuse to trace above it. */
const maxTransactionGas = 16_777_216n

/** MIN_UNSTAKE_DELAY of ERC-7562, in seconds. */
const minUnstakeDelay = 86_400

export type CheckUserOpParameters = {
  /** A viem client of a node with `debug_traceCall` and JavaScript tracers. */
  client: Client
  userOp: AnyUserOp
  /** @default EntryPoint v0.8 at its canonical address */
  entryPoint?: Address | undefined
  /** Which entities count as staked; what is left out is read from the EntryPoint. */
  stakes?: Partial<Record<Entity, boolean>> | undefined
  /**
   * MIN_STAKE_VALUE of the chain, in wei, for stakes read from the EntryPoint.
   * @default 0.1 ether
   */
  minStake?: bigint | undefined
  /**
   * Whether P256VERIFY at 0x100 is an accepted precompile of the chain.
   * @default true
   */
  p256Precompile?: boolean | undefined
  limits?: Partial<Limits> | undefined
}

export type CheckUserOpReturnType = {
  /** No violation, and the EntryPoint accepted the userOp. */
  ok: boolean
  violations: Violation[]
  /** Why the EntryPoint refused the userOp, when it did: for example `AA24 signature error`. */
  revert?: { reason: string; data: Hex }
  /** Gas the outermost call of each phase used. */
  gas: Record<Entity, bigint>
}

/**
 * Judges one userOp by the rules of ERC-7562.
 *
 * @throws {@link Erc7562TraceError} when the node cannot trace the call.
 * @example
 * const { ok, violations } = await checkUserOp({ client, userOp })
 * for (const { rule, entity, detail } of violations) console.log(rule, entity, detail)
 */
export async function checkUserOp(parameters: CheckUserOpParameters): Promise<CheckUserOpReturnType> {
  const userOp = packUserOp(parameters.userOp)
  const [context, trace] = await Promise.all([readContext(userOp, parameters), traceValidation(userOp, parameters)])
  const violations = [...judgeLimits(userOp, { ...defaultLimits, ...parameters.limits }), ...judgeTrace(trace, context)]
  const gas = { factory: 0n, account: 0n, paymaster: 0n }
  for (const phase of splitPhases(trace, context)) gas[phase.entity] += phase.gasUsed
  const result = { ok: trace.hasValidated && violations.length === 0, violations, gas }
  return trace.hasValidated ? result : { ...result, revert: decodeRevert(trace) }
}

/**
 * Like {@link checkUserOp}, but throws unless the userOp is clean.
 *
 * @throws {@link Erc7562ViolationError} listing every violation, or why the EntryPoint refused the userOp.
 * @throws {@link Erc7562TraceError} when the node cannot trace the call.
 */
export async function assertErc7562(parameters: CheckUserOpParameters): Promise<CheckUserOpReturnType> {
  const result = await checkUserOp(parameters)
  if (!result.ok) throw new Erc7562ViolationError(result.violations, result.revert?.reason)
  return result
}

async function readContext(userOp: PackedUserOperation, parameters: CheckUserOpParameters): Promise<ValidationContext> {
  const { client, stakes = {}, minStake = 10n ** 17n, p256Precompile = true } = parameters
  const entryPoint = parameters.entryPoint ?? entryPoint08Address
  const account = userOp.sender
  const factory = factoryOf(userOp)
  const paymaster = paymasterOf(userOp)
  const isStaked = async (entity: Entity, address: Address | undefined): Promise<boolean> => {
    const known = stakes[entity]
    if (known !== undefined) return known
    if (!address || isAddressEqual(address, entryPoint)) return false
    const info = await readContract(client, {
      address: entryPoint,
      abi: entryPoint08Abi,
      functionName: 'getDepositInfo',
      args: [address],
    })
    return info.staked && info.stake >= minStake && info.unstakeDelaySec >= minUnstakeDelay
  }
  const [code, stakedAccount, stakedFactory, stakedPaymaster] = await Promise.all([
    getCode(client, { address: account }),
    isStaked('account', account),
    isStaked('factory', factory),
    isStaked('paymaster', paymaster),
  ])
  return {
    entryPoint,
    account,
    factory,
    paymaster,
    accountExists: code !== undefined,
    staked: { account: stakedAccount, factory: stakedFactory, paymaster: stakedPaymaster },
    p256Precompile,
  }
}

async function traceValidation(
  userOp: PackedUserOperation,
  { client, entryPoint = entryPoint08Address }: CheckUserOpParameters,
): Promise<ValidationTrace> {
  const limits = gasLimitsOf(userOp)
  const needed = Object.values(limits).reduce((sum, limit) => sum + limit, 1_000_000n)
  const call = {
    from: bundler,
    to: entryPoint,
    data: encodeHandleOps(userOp, bundler),
    gas: toHex(needed < maxTransactionGas ? needed : maxTransactionGas),
  }
  const trace = await client
    .request<{ Method: 'debug_traceCall'; Parameters: readonly unknown[]; ReturnType: unknown }>({
      method: 'debug_traceCall',
      params: [call, 'latest', { tracer: tracerSource }],
    })
    .catch((cause: unknown) => {
      throw new Erc7562TraceError('it answered debug_traceCall with an error', cause)
    })
  if (!isTrace(trace)) throw new Erc7562TraceError('its answer to debug_traceCall is not that of the tracer')
  return trace
}

function isTrace(value: unknown): value is ValidationTrace {
  return typeof value === 'object' && value !== null && 'events' in value && Array.isArray(value.events)
}

function decodeRevert({ output, error }: ValidationTrace): { reason: string; data: Hex } {
  try {
    const decoded = decodeErrorResult({ abi: entryPoint08Abi, data: output })
    const isFailedOp = decoded.errorName === 'FailedOp' || decoded.errorName === 'FailedOpWithRevert'
    return { reason: isFailedOp ? decoded.args[1] : decoded.errorName, data: output }
  } catch {
    return { reason: error ?? 'the EntryPoint did not reach the end of the validation', data: output }
  }
}
