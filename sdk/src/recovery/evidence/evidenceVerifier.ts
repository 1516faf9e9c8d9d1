import { type Hex, size, slice } from 'viem'
import { readContract } from 'viem/actions'
import type { ConfiguredChain } from '../../config/createConfig.ts'
import { isRefusal } from '../../config/readEvents.ts'

const abi = [
  {
    type: 'function',
    name: 'verifyWithEvidence',
    stateMutability: 'view',
    inputs: [
      { name: 'key', type: 'bytes' },
      { name: 'hash', type: 'bytes32' },
      { name: 'signature', type: 'bytes' },
    ],
    outputs: [
      { name: 'magic', type: 'bytes4' },
      { name: 'evidence', type: 'bytes32' },
    ],
  },
  {
    type: 'function',
    name: 'evidenceHolds',
    stateMutability: 'view',
    inputs: [
      { name: 'key', type: 'bytes' },
      { name: 'evidence', type: 'bytes32' },
    ],
    outputs: [{ name: 'magic', type: 'bytes4' }],
  },
] as const
const verifyMagic = '0x024ad318'
/** The selector of `evidenceHolds`. */
const holdsMagic = '0x578bdfa5'

/**
 * Asks the verifier of a guardian whether a signature is good, and what its verdict rests on.
 *
 * @param blockNumber - As of when. Default: now.
 * @returns `undefined` for a bad signature.
 */
export async function askEvidence(
  { client }: ConfiguredChain,
  { signer, digest, signature }: { signer: Hex; digest: Hex; signature: Hex },
  blockNumber?: bigint,
): Promise<Hex | undefined> {
  const args = [keyOf(signer), digest, signature] as const
  const request = { address: slice(signer, 0, 20), abi, functionName: 'verifyWithEvidence', args } as const
  const answer = await orRefused(
    readContract(client, { ...request, ...(blockNumber !== undefined && { blockNumber }) }),
  )
  return answer?.[0] === verifyMagic ? answer[1] : undefined
}

/** Asks the verifier of a guardian whether what a vote rests on still holds. */
export async function evidenceHolds(
  { client }: ConfiguredChain,
  { signer, evidence }: { signer: Hex; evidence: Hex },
): Promise<boolean> {
  const args = [keyOf(signer), evidence] as const
  const request = { address: slice(signer, 0, 20), abi, functionName: 'evidenceHolds', args } as const
  return (await orRefused(readContract(client, request))) === holdsMagic
}

function keyOf(signer: Hex): Hex {
  return size(signer) > 20 ? slice(signer, 20) : '0x'
}

/** A verifier that reverts has given no verdict, and the contracts count that as a bad one. */
async function orRefused<answer>(asked: Promise<answer>): Promise<answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}
