import type { Address } from 'viem'
import { readPasskeys } from '../accounts/accountState.ts'
import { type AccountGenesis, encodeCreateAndSetup } from '../accounts/genesis.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { relayCall } from '../config/relayCall.ts'

/** Creates an account and sets it up where that has not been done, through the chain's relay. */
export async function ensureSetUp(
  chain: ConfiguredChain,
  contracts: Contracts,
  parameters: { account: Address; genesis: AccountGenesis; signal?: AbortSignal | undefined },
): Promise<void> {
  const { account, genesis, signal } = parameters
  const { isSetUp } = await readPasskeys(chain, contracts, account)
  if (!isSetUp) await createAndSetUp(chain, contracts, { genesis, signal })
}

/**
 * Creates an account, unless that has been done, and sets it up, through the chain's relay.
 *
 * @param parameters - `isChecked`: the caller has just seen that the node serves this chain.
 */
export async function createAndSetUp(
  chain: ConfiguredChain,
  contracts: Contracts,
  parameters: { genesis: AccountGenesis; isChecked?: boolean | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  const { genesis, isChecked, signal } = parameters
  const data = encodeCreateAndSetup(contracts, genesis)
  // Anyone may do it, at any time and twice.
  await relayCall(chain, { to: contracts.factory, data, isChecked, isSure: true, signal })
}
