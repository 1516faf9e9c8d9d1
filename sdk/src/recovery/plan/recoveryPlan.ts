import {
  type Address,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  hexToBigInt,
  isAddressEqual,
  numberToHex,
} from 'viem'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import {
  type CredentialRecordJson,
  type RecordReader,
  readCredentialRecord,
  readRecord,
  toCredentialRecordJson,
} from '../../accounts/record.ts'
import { signDigest } from '../../accounts/signDigest.ts'
import { untilAborted } from '../../config/abort.ts'
import { type ChainOutcome, type ChainResult, type OnProgress, runOnChains } from '../../config/chainWork.ts'
import { type ConfiguredChain, selectChains } from '../../config/createConfig.ts'
import { readTogether } from '../../config/readTogether.ts'
import { deliverCall } from '../../config/relayCall.ts'
import type { Call } from '../../encoding/execution.ts'
import { type Policy, policyHash, policyId, type Tier } from '../../encoding/policy.ts'
import { recoveryTypedData } from '../../encoding/typedData.ts'
import { validatePolicy } from '../../encoding/validatePolicy.ts'
import { InvalidRecordError } from '../../errors/account.ts'
import type { Assertion } from '../../webauthn/assertion.ts'
import type { CredentialRecord } from '../../webauthn/credential.ts'
import { type HealthFinding, judgePlan } from '../health/judgeHealth.ts'
import type { Reveal } from '../hiddenGuardians.ts'
import { deliverOwnerSignature, findReadyChains } from '../ownerMessage.ts'
import { policyContext } from '../policyContext.ts'
import { type PolicyWarning, policyWarnings } from '../presets.ts'
import { chooseIssuedAt, policyQuestions } from '../recoveryState.ts'

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
  /** How good it is by itself, 0 to 100; `readHealth` says more once chains have it. */
  readonly score: number
  /** What takes points from the score, why, and what to do; the worst first. */
  readonly findings: readonly HealthFinding[]
  /** What hidden guardians have to reveal when they approve: keep it in the kit, and hand each guardian its own. */
  readonly reveals: readonly Reveal[]
  /**
   * Puts the policy into effect on every chain, with one prompt; creates the account where it is missing. Called again, it
   * goes on with the chains that are missing, without another prompt.
   */
  apply(parameters?: ApplyParameters): Promise<ChainResult[]>
  /** Returns the call that names the guardians, for the account's own batch; later ones are announced by it. */
  calls(parameters: { issuedAt: number; ownerSignature?: Hex | undefined }): Call[]
  /** What {@link loadPlan} goes on from: the policy and, once it was signed, the owner's signature; nothing in it is secret. */
  toJSON(): PlanJson
}

/** A plan as JSON. */
export type PlanJson = {
  readonly version: 1
  readonly account: Address
  readonly policy: Hex
  readonly reveals: readonly Reveal[]
  /** Who holds it can deliver the policy; nobody can change it. */
  readonly signed?:
    | {
        readonly issuedAt: number
        /** The passkey that signed. */
        readonly credential: CredentialRecordJson
        readonly assertion: {
          readonly authenticatorData: Hex
          readonly clientDataJSON: string
          readonly r: Hex
          readonly s: Hex
        }
      }
    | undefined
}

const subject = 'recovery plan'

type SignedPolicy = {
  readonly issuedAt: number
  readonly credential: CredentialRecord
  readonly assertion: Assertion
}

type PlanData = {
  readonly bytes: Hex
  readonly policy: Policy
  readonly reveals: readonly Reveal[]
  readonly signed: SignedPolicy | undefined
}

/**
 * Goes on with a plan from its JSON, after a reload or on another device of the owner: with what was signed before, without
 * another prompt.
 *
 * @throws {InvalidRecordError} when it is cut or changed, or of another account.
 * @throws {InvalidPolicyError} when its policy breaks a rule.
 * @example
 * const plan = loadPlan(account, JSON.parse(stored))
 * await plan.apply()
 */
export function loadPlan(account: PasskeyAccount, json: unknown): RecoveryPlan {
  const record = readRecord(json, subject)
  if (record.number('version') !== 1) throw new InvalidRecordError(subject, 'its version is not 1')
  if (!isAddressEqual(record.address('account'), account.address))
    throw new InvalidRecordError(subject, 'it is of another account')
  const bytes = record.hex('policy')
  const policy = validatePolicy(bytes, policyContext(account.config.contracts, account.address))
  const reveals = record.list('reveals').map((one) => ({ salt: one.hex('salt', 32), signer: one.hex('signer') }))
  const signed = record.has('signed') ? readSigned(record.object('signed')) : undefined
  return createPlan(account, { bytes, policy, reveals, signed })
}

/** Returns the plan that a policy stands for. */
export function createPlan(account: PasskeyAccount, { bytes, policy, reveals, signed: known }: PlanData): RecoveryPlan {
  const { config, address } = account
  const { contracts } = config
  let signed = known
  const calls: RecoveryPlan['calls'] = ({ issuedAt, ownerSignature = '0x' }) => {
    const args = [address, bytes, issuedAt, ownerSignature] as const
    const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'setPolicy', args })
    return [{ to: contracts.guardianRecovery, data }]
  }
  return {
    policy,
    bytes,
    hash: policyHash(bytes),
    tiers: policy.tiers,
    warnings: policyWarnings(policy.tiers, policy.guardians),
    ...judgePlan(policy),
    reveals,
    calls,
    async apply({ chainIds, signal, onProgress } = {}) {
      const chains = selectChains(config, chainIds)
      const message = signed ?? (await signPolicy(account, bytes, chains, signal))
      signed = message
      const work = (chain: ConfiguredChain) => deliverPolicy(account, chain, { bytes, message, calls }, signal)
      return runOnChains(chains, work, { signal, onProgress })
    },
    toJSON: () => ({
      version: 1,
      account: address,
      policy: bytes,
      reveals,
      ...(signed && { signed: toSigned(signed) }),
    }),
  }
}

async function signPolicy(
  account: PasskeyAccount,
  bytes: Hex,
  chains: readonly ConfiguredChain[],
  signal: AbortSignal | undefined,
): Promise<SignedPolicy> {
  const { address, credential } = account
  const { contracts } = account.config
  const ready = await findReadyChains(account, chains, signal)
  const issuedAt = await untilAborted(chooseIssuedAt(ready, contracts, address), signal)
  const message = { account: address, policy: policyHash(bytes), issuedAt }
  const typedData = recoveryTypedData(contracts.guardianRecovery, 'SetPolicy', message)
  return { issuedAt, credential, assertion: await signDigest(account, hashTypedData(typedData), signal) }
}

async function deliverPolicy(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  { bytes, message, calls }: { bytes: Hex; message: SignedPolicy; calls: RecoveryPlan['calls'] },
  signal: AbortSignal | undefined,
): Promise<ChainOutcome> {
  const { issuedAt, credential, assertion } = message
  const isDone = async (): Promise<boolean> => {
    const { head, change } = await readTogether(chain, policyQuestions(account.config.contracts, account.address))
    const id = hexToBigInt(policyId(bytes))
    // In effect, or announced by this very message.
    return head.policyId === id || (change.value === id && change.issuedAt === issuedAt)
  }
  if (await isDone()) return { status: 'skipped' }
  const ownerSignature = await deliverOwnerSignature({ ...account, credential }, chain, { assertion, signal })
  const [call] = calls({ issuedAt, ownerSignature })
  return call ? deliverCall(chain, { ...call, signal, isDone }) : { status: 'skipped' }
}

function toSigned({ issuedAt, credential, assertion }: SignedPolicy): NonNullable<PlanJson['signed']> {
  const { authenticatorData, clientDataJSON, signature } = assertion
  const [r, s] = [signature.r, signature.s].map((value) => numberToHex(value, { size: 32 })) as [Hex, Hex]
  return {
    issuedAt,
    credential: toCredentialRecordJson(credential),
    assertion: { authenticatorData, clientDataJSON, r, s },
  }
}

function readSigned(signed: RecordReader): SignedPolicy {
  const assertion = signed.object('assertion')
  const [r, s] = [hexToBigInt(assertion.hex('r', 32)), hexToBigInt(assertion.hex('s', 32))]
  return {
    issuedAt: signed.number('issuedAt'),
    credential: readCredentialRecord(signed.object('credential')),
    assertion: {
      authenticatorData: assertion.hex('authenticatorData'),
      clientDataJSON: assertion.text('clientDataJSON'),
      signature: { r, s },
    },
  }
}
