import { bytesToHex, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { readFromChains } from '../config/chainWork.ts'
import { tryCall } from '../config/relayCall.ts'
import { placeNotes } from '../encoding/notes.ts'
import { encodePolicy, sortGuardians, type Tier } from '../encoding/policy.ts'
import { validatePolicy } from '../encoding/validatePolicy.ts'
import type { GuardianInput } from './guardians.ts'
import type { HiddenGuardianInput } from './hiddenGuardians.ts'
import { createPlan, type RecoveryPlan } from './plan/recoveryPlan.ts'
import { policyContext } from './policyContext.ts'
import { presetTiers, type RecoveryPreset } from './presets.ts'
import { checkSecretGuardians } from './secretGuardians.ts'

/** What {@link planRecovery} takes. */
export type PlanRecoveryParameters = {
  guardians: readonly (GuardianInput | HiddenGuardianInput)[]
  /** Ready-made tiers, or your own. */
  preset: RecoveryPreset | { readonly tiers: readonly Tier[] }
  /** Lets one guardian alone recover without any wait. Default: no. */
  allowInstantSingle?: boolean | undefined
  /** How long a ready recovery may be executed, in hours, 48 to 1,440. Default: 14 days. */
  windowHours?: number | undefined
  /** Longest freeze that one guardian may impose, in hours, at most 72. Default: none. */
  freezeHours?: number | undefined
  signal?: AbortSignal | undefined
}

/**
 * Makes a policy out of guardians, and has it checked: here, and by the contracts of every chain that answers.
 *
 * @throws {InvalidPolicyError} naming the rule that is broken.
 * @throws {SecretAloneError} when a passphrase alone, or codes alone, could recover within an hour.
 * @throws {GuardianNoteMissingError} when codes or a passphrase come without what it takes to use them.
 * @throws {ContractError} `BadPolicy`, when a contract refuses what passed here.
 * @example
 * const plan = await planRecovery(account, { guardians: [walletGuardian('0x…')], preset: 'careful' })
 * const results = await plan.apply()
 * @see SPEC §7
 */
export async function planRecovery(
  account: PasskeyAccount,
  { guardians, preset, allowInstantSingle = false, windowHours = 336, freezeHours = 0, signal }: PlanRecoveryParameters,
): Promise<RecoveryPlan> {
  const { config, address } = account
  const tiers = typeof preset === 'string' ? presetTiers(preset, guardians, allowInstantSingle) : preset.tiers
  checkSecretGuardians(config.contracts, tiers, guardians)
  const sorted = sortGuardians(guardians)
  const bytes = encodePolicy({
    salt: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
    allowsInstantSingle: allowInstantSingle,
    windowHours,
    freezeHours,
    tiers,
    guardians: sorted,
    notes: placeNotes(
      guardians.flatMap(({ notes = [] }) => notes),
      sorted,
    ),
  })
  const policy = validatePolicy(bytes, policyContext(config.contracts, address))
  await checkOnChains(account, bytes, signal)
  const reveals = guardians.flatMap((guardian) => ('reveal' in guardian ? [guardian.reveal] : []))
  return createPlan(account, { bytes, policy, reveals, signed: undefined })
}

/** A chain that does not answer is no reason against a policy; one that refuses it is. */
async function checkOnChains(
  { config, address }: PasskeyAccount,
  bytes: Hex,
  signal: AbortSignal | undefined,
): Promise<void> {
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'checkPolicy', args: [address, bytes] })
  const { guardianRecovery } = config.contracts
  const answers = await readFromChains(config.chains, (chain) => tryCall(chain, { to: guardianRecovery, data }), signal)
  for (const answer of answers) if ('error' in answer && answer.error.code.startsWith('CONTRACT_')) throw answer.error
}
