import { type Address, encodeFunctionData, type Hex } from 'viem'
import { guardianRecoveryAbi, rekeyAccountAbi } from '../../abis/used.ts'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import { sendCallsOnChains } from '../../actions/sendCallsOnChains.ts'
import { type ChainResult, runOnChains } from '../../config/chainWork.ts'
import type { Contracts } from '../../config/contracts.ts'
import { type ConfiguredChain, getChain } from '../../config/createConfig.ts'
import { deliverCall } from '../../config/relayCall.ts'
import type { Change } from '../../encoding/changes.ts'
import type { Call } from '../../encoding/execution.ts'
import { policyId } from '../../encoding/policy.ts'
import { ChangeNotReadyError, NoChangeError, PolicyNotFoundError } from '../../errors/recovery.ts'
import { readAnnouncedPolicies } from '../policySources.ts'
import { type PendingChange, readChanges } from './readChanges.ts'
import type { OwnerMessageParameters } from './sendOwnerMessage.ts'

const executorType = 2n

/**
 * Puts what was announced into effect wherever its time has come. A policy takes no prompt and no passkey, as anyone may
 * apply it; an uninstall or upgrade takes one prompt for all chains.
 *
 * `applyChange.calls` returns the same as calls: of anyone for a policy, else of the account.
 *
 * @returns One result per chain on which something is announced or that did not answer.
 * @throws {NoChangeError} when nothing is announced on any chain that answers.
 * @example
 * const results = await applyChange(account)
 * @see SPEC §8.6
 */
export const applyChange = /* @__PURE__ */ Object.assign(
  async (
    account: PasskeyAccount,
    {
      chainIds,
      policies = [],
      signal,
      onProgress,
    }: OwnerMessageParameters & { policies?: readonly Hex[] | undefined } = {},
  ): Promise<ChainResult[]> => {
    const { config, address } = account
    const { contracts } = config
    const seen = await readChanges(config, { address, chainIds, signal })
    const pending = seen.flatMap((one) =>
      'change' in one && one.change ? [{ id: one.chainId, change: one.change }] : [],
    )
    const silent = seen.flatMap(({ chainId, ...one }): ChainResult[] =>
      'error' in one ? [{ chainId, status: 'failed', error: one.error }] : [],
    )
    if (pending.length === 0 && silent.length === 0) throw new NoChangeError(address)
    const isBatch = ({ change: { kind, state } }: (typeof pending)[number]) => kind !== 'policy' && state === 'ready'
    const relayed = await runOnChains(
      pending.filter((one) => !isBatch(one)),
      async ({ id, change }) => {
        if (change.state !== 'ready') throw new ChangeNotReadyError(id, change)
        const chain = getChain(config, id)
        const policy = await findBytes(chain, contracts, { account: address, change, policies })
        return deliverCall(chain, { ...applyPolicyCall(contracts, address, policy), signal })
      },
      { signal, onProgress },
    )
    const batches = pending
      .filter(isBatch)
      .map(({ id, change }) => ({ chainId: id, calls: applyCalls({ contracts, account: address, change }) }))
    const sent = batches.length > 0 ? await sendCallsOnChains(account, { batches, signal, onProgress }) : []
    const results = [...silent, ...relayed, ...sent]
    return seen.flatMap(({ chainId }) => results.filter((result) => result.chainId === chainId))
  },
  { calls: applyCalls },
)

function applyCalls(parameters: {
  contracts: Contracts
  account: Address
  change: Pick<Change, 'kind' | 'value'>
  /** Bytes of the announced policy. */
  policy?: Hex | undefined
}): Call[] {
  const { contracts, account, change, policy = '0x' } = parameters
  const { guardianRecovery } = contracts
  switch (change.kind) {
    case 'policy':
      return [applyPolicyCall(contracts, account, policy)]
    case 'uninstall': {
      const args = [executorType, guardianRecovery, '0x'] as const
      return [
        { to: account, data: encodeFunctionData({ abi: rekeyAccountAbi, functionName: 'uninstallModule', args }) },
      ]
    }
    case 'upgrade': {
      const args = [change.value] as const
      return [{ to: account, data: encodeFunctionData({ abi: rekeyAccountAbi, functionName: 'upgradeTo', args }) }]
    }
  }
}

function applyPolicyCall({ guardianRecovery }: Contracts, account: Address, policy: Hex) {
  const args = [account, policy] as const
  const data = encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'applyPolicy', args })
  return { to: guardianRecovery, data } satisfies Call
}

/** The bytes of an announced policy: the caller's, or those in the event. */
async function findBytes(
  chain: ConfiguredChain,
  contracts: Contracts,
  { account, change, policies }: { account: Address; change: PendingChange; policies: readonly Hex[] },
): Promise<Hex> {
  const isWanted = (bytes: Hex) => policyId(bytes) === change.value.toLowerCase()
  const found = policies.find(isWanted) ?? (await readAnnouncedPolicies(chain, contracts, account)).find(isWanted)
  if (found === undefined) throw new PolicyNotFoundError(account, [])
  return found
}
