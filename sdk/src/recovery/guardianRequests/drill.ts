import { type Address, bytesToHex, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { call, getBlock } from 'viem/actions'
import { guardianRecoveryAbi } from '../../abis/used.ts'
import { readFromChains } from '../../config/chainWork.ts'
import type { RekeyConfig } from '../../config/createConfig.ts'
import type { BaseError } from '../../errors/base.ts'
import { findContractError } from '../../errors/findContractError.ts'
import { LinkDamagedError } from '../../errors/link.ts'
import { findPolicy } from '../findPolicy.ts'
import { loadApprovalRequest } from '../link/approvalRequest.ts'
import type { GuardianAsk } from '../link/requestBytes.ts'
import { createGuardianRequest, type GuardianRequest } from './guardianRequest.ts'

/** What a drill has shown on one chain. */
export type DrillOutcome =
  | {
      readonly chainId: number
      /** Bitmap of the guardians whose signatures count there. */
      readonly votes: number
      /** Bitmap of the tiers that they reach. */
      readonly tiers: number
    }
  | { readonly chainId: number; readonly error: BaseError }

/** A drill under way: guardians show that they could, and nothing happens. */
export type Drill = GuardianRequest<'Drill'> & {
  /** Asks every chain what the approvals so far would reach. It costs nothing and leaves no trace. */
  test(parameters?: { signal?: AbortSignal | undefined }): Promise<DrillOutcome[]>
}

/** What {@link startDrill} takes. */
export type StartDrillParameters = {
  account: Address
  /** How long guardians have, in seconds, at most 30 days. Default: 14 days. */
  lifetime?: number | undefined
  /** Bytes of policies from a kit, a sheet or a link. */
  policies?: readonly Hex[] | undefined
  signal?: AbortSignal | undefined
}

const longestLifetime = 30 * 86_400

/**
 * Begins a drill: every guardian signs a message that can do nothing, and `test` tells which tiers they would reach.
 * `submit` records on chain that they were proven, with the block's time. Anyone can begin one.
 *
 * @throws {PolicyNotFoundError} when the account has no guardians on any chain that answers.
 * @example
 * const drill = await startDrill(config, { account: account.address })
 * await drill.approve({ wallet })
 * const [{ tiers }] = await drill.test()
 * @see SPEC §7, Messages
 */
export async function startDrill(config: RekeyConfig, parameters: StartDrillParameters): Promise<Drill> {
  const { account, lifetime = 14 * 86_400, policies, signal } = parameters
  const { policy, chains } = await findPolicy(config, { account, policies, signal })
  const times = await readFromChains(chains, async ({ client }) => Number((await getBlock(client)).timestamp), signal)
  const now = Math.min(...times.flatMap((answer) => ('value' in answer ? [answer.value] : [])))
  const challenge = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  const deadline = now + Math.min(lifetime, longestLifetime)
  const message = { account, policy: policy.hash, challenge, deadline }
  return toDrill(config, { name: 'Drill', message, policyBytes: policy.bytes })
}

/**
 * Goes on with a drill from its text or link, anywhere; the approvals that came back are added again.
 *
 * @throws {LinkDamagedError} when it is cut, mistyped or something else.
 * @example
 * const drill = loadDrill(config, text)
 * for (const approval of approvals) await drill.addApproval(approval)
 */
export function loadDrill(config: RekeyConfig, input: string): Drill {
  const request = loadApprovalRequest(config, input)
  if (request.name !== 'Drill') throw new LinkDamagedError('drill', `it is a request of another kind, ${request.name}`)
  const { name, message, policyBytes } = request
  return toDrill(config, { name, message, policyBytes })
}

function toDrill(config: RekeyConfig, ask: GuardianAsk<'Drill'>): Drill {
  const { account, challenge, deadline } = ask.message
  const request = createGuardianRequest(config, ask, (policy, approvals) =>
    encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'drill',
      args: [account, policy, challenge, deadline, approvals],
    }),
  )
  const test: Drill['test'] = async ({ signal } = {}) => {
    const answers = await readFromChains(
      config.chains,
      async ({ id, client }) => {
        const [asked] = request.calls(id)
        const { data = '0x' } = await call(client, { ...asked }).catch((error: unknown) => {
          throw findContractError(error) ?? error
        })
        return decodeFunctionResult({ abi: guardianRecoveryAbi, functionName: 'drill', data })
      },
      signal,
    )
    return answers.map((answer): DrillOutcome => {
      const chainId = answer.chain.id
      if ('error' in answer) return { chainId, error: answer.error }
      const [votes, tiers] = answer.value
      return { chainId, votes, tiers }
    })
  }
  return Object.assign(request, { test })
}
