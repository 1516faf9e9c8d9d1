import { bytesToHex, encodeFunctionData, type Hex, hexToBigInt, isHex } from 'viem'
import { readContract } from 'viem/actions'
import { guardianRecoveryAbi } from '../abis/used.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import {
  type ChainOutcome,
  type ChainResult,
  type OnProgress,
  readFromChains,
  runOnChains,
} from '../config/chainWork.ts'
import { type ConfiguredChain, selectChains } from '../config/createConfig.ts'
import { deliverCall } from '../config/relayCall.ts'
import { changeId } from '../encoding/changes.ts'
import type { Call } from '../encoding/execution.ts'
import { placeNotes } from '../encoding/notes.ts'
import { decodePolicy, encodePolicy, type Policy, policyHash, policyId, sortGuardians } from '../encoding/policy.ts'
import { recoveryTypedData } from '../encoding/typedData.ts'
import { validatePolicy } from '../encoding/validatePolicy.ts'
import { InvalidRecordError } from '../errors/account.ts'
import { CodeChangeOverError, CodesNotConfirmedError, NoCodesError, UnknownCodeError } from '../errors/codes.ts'
import { cancelChange } from '../recovery/changes/cancelChange.ts'
import { sendOwnerMessage } from '../recovery/changes/sendOwnerMessage.ts'
import { getPolicy } from '../recovery/getPolicy.ts'
import { policyContext } from '../recovery/policyContext.ts'
import { chooseIssuedAt, readPolicyHead } from '../recovery/recoveryState.ts'
import { checkSecretGuardians, toGuardianInputs } from '../recovery/secretGuardians.ts'
import { codesGuardian, findCodeSets } from './guardian.ts'
import { createCodes, forgetCodes, type NewCodes, parseCode } from './recoveryCode.ts'

type WorkParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/** Where a replacement stands on a chain; times in Unix seconds of the chain's clock. */
export type CodeReplacementStatus = {
  readonly chainId: number
  /** `none`: not announced there, or called off. `announced`: waits until `readyAt`. `inForce`: the old codes are dead. */
  readonly state: 'none' | 'announced' | 'inForce'
  readonly readyAt?: number | undefined
}

/** A replacement as it is kept, so as to go on with it later; nothing in it is secret. */
export type CodeReplacementJson = {
  readonly version: 1
  readonly policy: Hex
  /** Unix time in seconds; `undefined` before the first announcement. */
  readonly issuedAt?: number | undefined
}

/** A new set of codes on its way into force. The old set stays good on a chain until `apply` there. */
export type CodeReplacement = {
  /** The new codes, to show or print; `undefined` in a replacement that is gone on with. */
  readonly codes: NewCodes | undefined
  /** Takes a code of the new set, typed back from where it was saved. @throws {InvalidCodeError} {@link UnknownCodeError} */
  confirm(text: string): void
  /**
   * Announces the new set on every chain, with one prompt. Called again, it goes on where it is missing.
   *
   * @throws {CodesNotConfirmedError} before any prompt, when no new code was typed back: nobody may have them.
   */
  announce(parameters?: WorkParameters): Promise<ChainResult[]>
  /** Puts the new set into force on every chain on which its time has come. Anyone may; it takes no prompt. */
  apply(parameters?: WorkParameters): Promise<ChainResult[]>
  /** Calls the new set off on every chain where it is not in force, also where it has not arrived yet: one prompt. */
  cancel(parameters?: WorkParameters): Promise<ChainResult[]>
  /** Reads where it stands, on every chain that answers. */
  status(parameters?: Omit<WorkParameters, 'onProgress'>): Promise<CodeReplacementStatus[]>
  toJSON(): CodeReplacementJson
}

/**
 * Makes new codes in place of those that the account has. Nothing is sent yet: show or print the codes, have one typed
 * back, announce them; after the policy's waiting time they replace the old ones.
 *
 * @throws {NoCodesError} when the account has no codes on any chain that answers.
 * @example
 * const replacement = await replaceCodes(account)
 * print(codeSheetHtml(replacement.codes, { account: account.address, appName: 'Example', madeAt }))
 * replacement.confirm(typedBack)
 * await replacement.announce()
 * // two days or more later
 * await replacement.apply()
 * @see SPEC §8.6, §10
 */
export async function replaceCodes(
  account: PasskeyAccount,
  {
    count,
    set,
    chainIds,
    signal,
  }: {
    count?: number | undefined
    /** Name of the set to replace, as on its sheet. Default: the first. */
    set?: string | undefined
    chainIds?: readonly number[] | undefined
    signal?: AbortSignal | undefined
  } = {},
): Promise<CodeReplacement> {
  const { config, address } = account
  const read = (chain: ConfiguredChain) => getPolicy(config, { address, chainId: chain.id })
  const answers = await readFromChains(selectChains(config, chainIds), read, signal)
  const found = answers.flatMap((answer) => ('value' in answer && answer.value ? [answer.value] : []))
  const newest = found.toSorted((a, b) => b.setAt - a.setAt)[0]
  const sets = newest ? findCodeSets(config, newest.policy) : []
  const old = set === undefined ? sets[0] : sets.find(({ name }) => name === set)
  if (!newest || !old) throw new NoCodesError(address)
  const codes = createCodes({ count })
  return createReplacement(account, { bytes: withCodes(account, newest.policy, old.guardianIndex, codes), codes })
}

/**
 * Goes on with a replacement of codes: after a reload, on another device, when a chain was down. The new codes themselves
 * are on paper only, so they must have been confirmed.
 *
 * @throws {InvalidRecordError} when it is cut or changed.
 */
export function resumeCodeReplacement(account: PasskeyAccount, json: CodeReplacementJson): CodeReplacement {
  const { version, policy, issuedAt } = json
  const isTime = issuedAt === undefined || Number.isSafeInteger(issuedAt)
  if (version !== 1 || !isHex(policy) || !isTime)
    throw new InvalidRecordError('replacement of codes', 'its parts are not what they should be')
  return createReplacement(account, { bytes: policy, codes: undefined, issuedAt })
}

function withCodes({ config, address }: PasskeyAccount, policy: Policy, place: number, codes: NewCodes): Hex {
  const guardians = toGuardianInputs(policy).map((guardian, index) => {
    if (index !== place) return guardian
    const { weight, validUntil } = guardian
    return codesGuardian(config, codes, { weight, validUntil })
  })
  checkSecretGuardians(config.contracts, policy.tiers, guardians)
  const sorted = sortGuardians(guardians)
  const payloads = guardians.flatMap(({ notes = [] }) => notes)
  const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  const bytes = encodePolicy({ ...policy, salt, guardians: sorted, notes: placeNotes(payloads, sorted) })
  validatePolicy(bytes, policyContext(config.contracts, address))
  return bytes
}

function createReplacement(
  account: PasskeyAccount,
  start: { bytes: Hex; codes: NewCodes | undefined; issuedAt?: number | undefined },
): CodeReplacement {
  const { config, address } = account
  const { contracts } = config
  const { bytes, codes } = start
  const id = policyId(bytes)
  let { issuedAt } = start
  let isConfirmed = issuedAt !== undefined

  const read = async (chain: ConfiguredChain) => {
    const [head, change] = await Promise.all([
      readPolicyHead(chain, contracts, address),
      readContract(chain.client, {
        address: contracts.guardianRecovery,
        abi: guardianRecoveryAbi,
        functionName: 'getChange',
        args: [address],
      }),
    ])
    const isInForce = head.policyId === hexToBigInt(id)
    const isWaiting = change.value === hexToBigInt(id) && change.epoch === head.epoch
    return { change, isInForce, isWaiting }
  }
  const call = (data: Hex): Call => ({ to: contracts.guardianRecovery, data })

  return {
    codes,
    confirm(text) {
      const code = parseCode(text)
      forgetCodes([code])
      const addresses = codes?.addresses ?? findCodeSets(config, decodePolicy(bytes)).flatMap((one) => one.addresses)
      if (!addresses.includes(code.address) && !addresses.includes(code.address.toLowerCase() as Hex))
        throw new UnknownCodeError()
      isConfirmed = true
    },
    async announce({ chainIds, signal, onProgress } = {}) {
      if (!isConfirmed) throw new CodesNotConfirmedError()
      const build = async (ready: readonly ConfiguredChain[]) => {
        const time = issuedAt ?? (await chooseIssuedAt(ready, contracts, address))
        issuedAt = time
        const message = { account: address, policy: policyHash(bytes), issuedAt: time }
        return {
          typedData: recoveryTypedData(contracts.guardianRecovery, 'SetPolicy', message),
          isDone: async (chain: ConfiguredChain) => {
            const { isInForce, isWaiting } = await read(chain)
            return isInForce || isWaiting
          },
          toCalls: (ownerSignature: Hex) => {
            const args = [address, bytes, time, ownerSignature] as const
            return [call(encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'setPolicy', args }))]
          },
        }
      }
      return sendOwnerMessage(account, { build }, { chainIds, signal, onProgress })
    },
    async apply({ chainIds, signal, onProgress } = {}) {
      const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'applyPolicy', args: [address, bytes] })
      const applyOn = async (chain: ConfiguredChain): Promise<ChainOutcome> => {
        const { isInForce, isWaiting } = await read(chain)
        if (isInForce) return { status: 'skipped' }
        if (!isWaiting) throw new CodeChangeOverError(chain.id)
        return deliverCall(chain, { ...call(data), signal })
      }
      return runOnChains(selectChains(config, chainIds), applyOn, { signal, onProgress })
    },
    async cancel({ chainIds, signal, onProgress } = {}) {
      if (issuedAt === undefined) return []
      const time = issuedAt
      const change = { kind: 'policy', value: id, issuedAt: time } as const
      const message = { account: address, change: changeId(change) }
      const build = async () => ({
        typedData: recoveryTypedData(contracts.guardianRecovery, 'CancelChange', message),
        isDone: async (chain: ConfiguredChain) => {
          const { change: seen, isInForce } = await read(chain)
          if (isInForce) throw new CodeChangeOverError(chain.id)
          return seen.value === 0n && seen.issuedAt >= time
        },
        toCalls: (ownerSignature: Hex) => cancelChange.calls({ contracts, account: address, change, ownerSignature }),
      })
      return sendOwnerMessage(account, { build }, { chainIds, signal, onProgress })
    },
    async status({ chainIds, signal } = {}) {
      const answers = await readFromChains(selectChains(config, chainIds), read, signal)
      return answers.flatMap((answer): CodeReplacementStatus[] => {
        if ('error' in answer) return []
        const { chain, value } = answer
        if (value.isInForce) return [{ chainId: chain.id, state: 'inForce' }]
        const { readyAt } = value.change
        return [
          value.isWaiting ? { chainId: chain.id, state: 'announced', readyAt } : { chainId: chain.id, state: 'none' },
        ]
      })
    },
    toJSON: () => ({ version: 1, policy: bytes, ...(issuedAt !== undefined && { issuedAt }) }),
  }
}
