import { bytesToHex, encodeFunctionData, type Hex, hashTypedData, hexToBigInt } from 'viem'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { signDigest } from '../accounts/signDigest.ts'
import { untilAborted } from '../config/abort.ts'
import {
  type ChainOutcome,
  type ChainResult,
  type OnProgress,
  readFromChains,
  runOnChains,
} from '../config/chainWork.ts'
import { type ConfiguredChain, selectChains } from '../config/createConfig.ts'
import { readTogether } from '../config/readTogether.ts'
import { relayCall, tryCall } from '../config/relayCall.ts'
import { placeNotes } from '../encoding/notes.ts'
import { encodePolicy, type Policy, policyHash, policyId, sortGuardians, type Tier } from '../encoding/policy.ts'
import { recoveryTypedData } from '../encoding/typedData.ts'
import { validatePolicy } from '../encoding/validatePolicy.ts'
import type { Assertion } from '../webauthn/assertion.ts'
import type { GuardianInput } from './guardians.ts'
import type { HiddenGuardianInput, Reveal } from './hiddenGuardians.ts'
import { deliverOwnerSignature, findReadyChains } from './ownerMessage.ts'
import { policyContext } from './policyContext.ts'
import { type PolicyWarning, policyWarnings, presetTiers, type RecoveryPreset } from './presets.ts'
import { chooseIssuedAt, policyQuestions } from './recoveryState.ts'
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

/** How a plan is put into effect. */
export type ApplyParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/** Guardians and tiers that hold on every chain once they are applied. */
export type RecoveryPlan = {
  readonly policy: Policy
  readonly bytes: Hex
  readonly hash: Hex
  readonly tiers: readonly Tier[]
  readonly warnings: readonly PolicyWarning[]
  /** What hidden guardians have to reveal when they approve: keep it in the kit, and hand each guardian its own. */
  readonly reveals: readonly Reveal[]
  /**
   * Puts the policy into effect on every chain, with one prompt; creates the account where it is missing. Called again, it
   * goes on with the chains that are missing, without another prompt.
   */
  apply(parameters?: ApplyParameters): Promise<ChainResult[]>
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
  return {
    policy,
    bytes,
    hash: policyHash(bytes),
    tiers,
    warnings: policyWarnings(tiers, guardians),
    reveals: guardians.flatMap((guardian) => ('reveal' in guardian ? [guardian.reveal] : [])),
    apply: createApply(account, bytes),
  }
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

function createApply(account: PasskeyAccount, bytes: Hex): RecoveryPlan['apply'] {
  const { config, address } = account
  let signed: SignedPolicy | undefined

  return async ({ chainIds, signal, onProgress } = {}) => {
    const chains = selectChains(config, chainIds)
    if (!signed) {
      const ready = await findReadyChains(account, chains, signal)
      const issuedAt = await untilAborted(chooseIssuedAt(ready, config.contracts, address), signal)
      const message = { account: address, policy: policyHash(bytes), issuedAt }
      const typedData = recoveryTypedData(config.contracts.guardianRecovery, 'SetPolicy', message)
      signed = { bytes, issuedAt, assertion: await signDigest(account, hashTypedData(typedData), signal) }
    }
    const message = signed
    return runOnChains(chains, (chain) => deliverPolicy(account, chain, message, signal), { signal, onProgress })
  }
}

type SignedPolicy = { readonly bytes: Hex; readonly issuedAt: number; readonly assertion: Assertion }

async function deliverPolicy(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  { bytes, issuedAt, assertion }: SignedPolicy,
  signal: AbortSignal | undefined,
): Promise<ChainOutcome> {
  const { guardianRecovery } = account.config.contracts
  const { head, change } = await readTogether(chain, policyQuestions(account.config.contracts, account.address))
  const id = hexToBigInt(policyId(bytes))
  // In effect, or announced by this very message.
  if (head.policyId === id || (change.value === id && change.issuedAt === issuedAt)) return { status: 'skipped' }
  const ownerSignature = await deliverOwnerSignature(account, chain, { assertion, signal })
  const args = [account.address, bytes, issuedAt, ownerSignature] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'setPolicy', args })
  const { transactionHash, gasUsed } = await relayCall(chain, { to: guardianRecovery, data, signal })
  return { status: 'done', transactionHash, gasUsed }
}
