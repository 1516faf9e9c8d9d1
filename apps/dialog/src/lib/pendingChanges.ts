import { decodePolicy, type PasskeyAccount, type Policy, policyId, type RekeyConfig } from '@rekey/sdk'
import { type ChainChange, type PendingChange, readChanges, readHistory } from '@rekey/sdk/recovery'
import type { Address } from 'viem'

/** Finds what the owner, or a thief, has announced on each network. */
export function findChanges({ config, address }: PasskeyAccount): Promise<ChainChange[]> {
  return readChanges(config, { address })
}

/** Finds the policy that a change announces; nothing where no network that answers has its bytes. */
export async function findAnnouncedPolicy(
  config: RekeyConfig,
  { address, change }: { address: Address; change: Pick<PendingChange, 'value'> },
): Promise<Policy | undefined> {
  const history = await readHistory(config, { address })
  const entries = history.flatMap((chain) => ('entries' in chain ? chain.entries : []))
  const announced = entries.flatMap((entry) => (entry.kind === 'PolicyScheduled' ? [entry.args.policy] : []))
  const bytes = announced.find((one) => policyId(one) === change.value.toLowerCase())
  return bytes && decodePolicy(bytes)
}
