import { oidcRecoveryValidatorAbi } from '@rekey/sdk/abis'
import type { Hex } from 'viem'
import { type Approval, digest } from '../../../scripts/gen/vectors/idTokens.ts'
import { addressOf, type TestChain } from './world.ts'

/** `Problem` of IOidcRecoveryValidator, in its order. */
export const problems = [
  'None',
  'Layout',
  'Header',
  'Claims',
  'Nonce',
  'Time',
  'Audience',
  'Identity',
  'Key',
  'Signature',
] as const
export type Problem = (typeof problems)[number]

/** What the contract says of an approval, by name. */
export async function judge(chain: TestChain, { key, proof }: Approval, hash: Hex = digest): Promise<Problem> {
  const [problem] = await chain.client.readContract({
    address: addressOf(chain, 'OidcRecoveryValidator'),
    abi: oidcRecoveryValidatorAbi,
    functionName: 'check',
    args: [key, hash, proof],
  })
  return problems[problem] as Problem
}
