import {
  createPasskeyAccount,
  encodePolicy,
  type PasskeyAccount,
  type RekeyConfig,
  sendCalls,
  sortGuardians,
} from '@rekey/sdk'
import { planRecovery, type RecoveryRequest, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import type { Hex } from 'viem'
import { expect } from 'vitest'
import { configFor, createDevice, type Device } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { chainA, chainB, fund } from '../../integration/support/sdkStack.ts'

export const day = 86_400
export const friend = '0x00000000000000000000000000000000000fee14'
export const calls = [{ to: friend, value: 1n }] as const
export const bothChains = [chainA, chainB] as const

export type Owner = { readonly device: Device; readonly config: RekeyConfig; readonly account: PasskeyAccount }

/** An owner with a new account that has money on both chains. */
export async function createOwner(stack: Stack, seed: string): Promise<Owner> {
  const device = createDevice(seed)
  const config = configFor(stack, device)
  const account = await createPasskeyAccount(config, { name: 'Owner' })
  await fund(stack, account)
  return { device, config, account }
}

type Plan = Parameters<typeof planRecovery>[1]

/** An owner who has named guardians on both chains; by default one wallet. */
export async function createGuardedOwner(stack: Stack, seed: string, plan: Partial<Plan> = {}): Promise<Owner> {
  const owner = await createOwner(stack, seed)
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const results = await (await planRecovery(owner.account, { guardians, preset: 'careful', ...plan })).apply()
  expect(outcomesOf(results)).toEqual(['done', 'done'])
  return owner
}

/** One wallet that waits a day, for an address to commit to. */
export function walletPolicy({ accounts }: Stack): Hex {
  return encodePolicy({
    salt: `0x${'5a'.repeat(32)}`,
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: day, isVetoable: true }],
    guardians: sortGuardians([walletGuardian(accounts.guardian.address)]),
  })
}

/** A recovery begun on a new device, which has no approval yet. */
export async function begin(
  stack: Stack,
  { address }: PasskeyAccount,
  seed: string,
): Promise<{ request: RecoveryRequest; device: Device; config: RekeyConfig }> {
  const device = createDevice(seed)
  const config = configFor(stack, device)
  return { device, config, request: await startRecovery(config, { account: address, name: 'Owner' }) }
}

/** `done` and `skipped`, or the code of what went wrong, per chain. */
export function outcomesOf(
  results: readonly { readonly status: string; readonly error?: { readonly code: string } | undefined }[],
): string[] {
  return results.map(({ status, error }) => error?.code ?? status)
}

export async function statesOf(request: RecoveryRequest): Promise<string[]> {
  return (await request.status()).map(({ state }) => state)
}

/** Sends on both chains, one after the other. */
export async function expectSends(account: PasskeyAccount): Promise<void> {
  for (const chainId of bothChains) expect((await sendCalls(account, { chainId, calls })).success).toBe(true)
}
