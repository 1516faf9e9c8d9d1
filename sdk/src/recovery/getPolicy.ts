import type { Address, Hex } from 'viem'
import { throwIfAborted, untilAborted } from '../config/abort.ts'
import { checkChain } from '../config/chainWork.ts'
import { type ConfiguredChain, getChain, type RekeyConfig } from '../config/createConfig.ts'
import { decodePolicy, type Policy, policyHash } from '../encoding/policy.ts'
import type { BaseError } from '../errors/base.ts'
import { PolicyNotFoundError } from '../errors/recovery.ts'
import { findPolicyBytes, type PolicySource } from './policySources.ts'
import { readPolicyHead } from './recoveryState.ts'

/** An account's policy on one chain. */
export type ChainPolicy = {
  readonly policy: Policy
  readonly bytes: Hex
  readonly hash: Hex
  /** When it took effect, Unix time in seconds. */
  readonly setAt: number
  /** Where the bytes were found. */
  readonly source: PolicySource
  /** Sources asked before that gave other bytes (`RECOVERY_POLICY_MISMATCH`) or did not answer. */
  readonly problems: readonly BaseError[]
}

/** What {@link getPolicy} takes. */
export type GetPolicyParameters = {
  address: Address
  chainId: number
  /** Bytes that the caller has, from a kit, a sheet or a link; used where the chain's hash says they are right. */
  policies?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Reads an account's policy from a chain. The chain stores a hash; the bytes come from the caller, from an event, or from
 * the PolicyStore of any chain, whichever has the right ones first.
 *
 * @returns `undefined` when the account has no policy there.
 * @throws {PolicyNotFoundError} when it has one whose bytes no source shows; `problems` tells what each said.
 * @throws {AbortedError} when the signal fired.
 * @example
 * const found = await getPolicy(config, { address, chainId: 8453 })
 * @see SPEC §7
 */
export async function getPolicy(
  config: RekeyConfig,
  { address, chainId, policies, signal }: GetPolicyParameters,
): Promise<ChainPolicy | undefined> {
  const chain = getChain(config, chainId)
  throwIfAborted(signal)
  return untilAborted(readPolicy(config, chain, address, policies ?? []), signal)
}

async function readPolicy(
  config: RekeyConfig,
  chain: ConfiguredChain,
  address: Address,
  given: readonly Hex[],
): Promise<ChainPolicy | undefined> {
  await checkChain(chain)
  const { policyId: id, setAt } = await readPolicyHead(chain, config.contracts, address)
  if (id === 0n) return undefined
  const { found, problems } = await findPolicyBytes(config, chain, { account: address, id, setAt }, given)
  if (!found) throw new PolicyNotFoundError(address, problems)
  const { bytes, source } = found
  return { policy: decodePolicy(bytes), bytes, hash: policyHash(bytes), setAt, source, problems }
}
