import { type Address, encodeAbiParameters, type Hex, hexToBigInt, keccak256, slice } from 'viem'
import { getContractEvents } from 'viem/actions'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { ConfiguredChain, RekeyConfig } from '../../config/createConfig.ts'
import { readEvents } from '../../config/readEvents.ts'
import type { Approval } from '../../encoding/approvals.ts'
import type { Policy } from '../../encoding/policy.ts'
import { EvidenceUnknownError } from '../../errors/recovery.ts'
import { signerOf } from '../hiddenGuardians.ts'
import { askEvidence } from './evidenceVerifier.ts'
import { statedEvidence } from './statedEvidence.ts'

/** What a vote rests on, as the contracts take it. */
export type Evidence = { readonly index: number; readonly signer: Hex; readonly evidence: Hex }

/** A recovery on a chain, with the hash over the evidence that the chain keeps of it. */
export type RecoveryWithEvidence = {
  readonly account: Address
  readonly digest: Hex
  readonly policy: Policy
  /** Approvals that hold on this chain. */
  readonly votes: readonly Approval[]
  readonly wanted: bigint
}

/**
 * Finds what the votes of a recovery rest on: the chain keeps a hash of it, and their verifiers tell it, now or, where an
 * issuer has other keys by now, as of the block in which a vote was counted. Somebody who had to sign in again for another
 * chain has an approval that verifies at neither time; it still says which key signs.
 *
 * @returns In the order in which the votes were counted.
 * @throws {EvidenceUnknownError} when none has that hash.
 * @see SPEC §8, Evidence
 */
export async function readEvidence(
  config: RekeyConfig,
  chain: ConfiguredChain,
  recovery: RecoveryWithEvidence,
): Promise<Evidence[]> {
  const counted = await readCounted(config, chain, recovery)
  const resting = counted.filter(({ index }) => recovery.policy.guardians[index]?.needsEvidence)
  for (const source of ['now', 'then', 'stated'] as const) {
    const asked = resting.map((vote) => askFor(chain, recovery, vote, source))
    const evidence = (await Promise.all(asked)).filter((one) => one !== undefined)
    if (evidence.length === resting.length && chainEvidence(evidence) === recovery.wanted) return evidence
  }
  throw new EvidenceUnknownError(chain.id)
}

/** Returns the hash that a chain keeps of evidence: 72 bits over one item after the other. */
export function chainEvidence(items: readonly Evidence[]): bigint {
  const types = [{ type: 'uint72' }, { type: 'uint256' }, { type: 'bytes32' }, { type: 'bytes32' }] as const
  return items.reduce((chain, { index, signer, evidence }) => {
    const hash = keccak256(encodeAbiParameters(types, [chain, BigInt(index), keccak256(signer), evidence]))
    return hexToBigInt(slice(hash, 23))
  }, 0n)
}

async function askFor(
  chain: ConfiguredChain,
  { policy, votes, digest }: RecoveryWithEvidence,
  { index, blockNumber }: Counted,
  source: 'now' | 'then' | 'stated',
): Promise<Evidence | undefined> {
  const vote = votes.find((approval) => approval.index === index)
  if (!vote) return undefined
  const { signer } = signerOf(policy, vote)
  const { signature } = vote
  const evidence =
    source === 'stated'
      ? statedEvidence(signer, signature)
      : await askEvidence(chain, { signer, digest, signature }, source === 'then' ? blockNumber : undefined)
  return evidence && { index, signer, evidence }
}

type Counted = { readonly index: number; readonly blockNumber: bigint }

/** The votes that count, in the order in which they came to count. */
async function readCounted(
  { contracts }: RekeyConfig,
  chain: ConfiguredChain,
  { account, digest }: RecoveryWithEvidence,
): Promise<Counted[]> {
  const source = { address: contracts.guardianRecovery, abi: guardianRecoveryAbi, strict: true } as const
  const args = { account, digest }
  const [started, supported, recounted] = await Promise.all([
    readEvents(chain, (range) =>
      getContractEvents(chain.client, { ...source, args, ...range, eventName: 'RecoveryStarted' }),
    ),
    readEvents(chain, (range) =>
      getContractEvents(chain.client, { ...source, args, ...range, eventName: 'RecoverySupported' }),
    ),
    readEvents(chain, (range) =>
      getContractEvents(chain.client, { ...source, args, ...range, eventName: 'RecoveryRecounted' }),
    ),
  ])
  const events = [...started, ...supported, ...recounted].toSorted(
    (a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex,
  )
  return events.reduce<Counted[]>((counted, { args: { votes }, blockNumber, eventName }) => {
    const has = (index: number): boolean => ((votes >>> index) & 1) === 1
    // What was started anew counts anew.
    const kept = eventName === 'RecoveryStarted' ? [] : counted.filter(({ index }) => has(index))
    const added = Array.from({ length: 32 }, (_, index) => index).filter(
      (index) => has(index) && !kept.some((one) => one.index === index),
    )
    return [...kept, ...added.map((index) => ({ index, blockNumber }))]
  }, [])
}
