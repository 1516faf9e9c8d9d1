import { type Hex, parseEther } from 'viem'
import type { Stack } from '../../../scripts/stack/startStack.ts'

export const chainA = 31337
export const chainB = 31338

/** Gives an account money on every chain. */
export async function fund(stack: Stack, { address }: { address: Hex }): Promise<void> {
  await stack.fund(address, parseEther('10'))
}
