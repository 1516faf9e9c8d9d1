import { readPasskeys } from '../accounts/accountState.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { signNested } from '../accounts/signMessage.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import type { Policy } from '../encoding/policy.ts'
import type { RekeyTypedData } from '../encoding/typedData.ts'
import { AccountNotSetUpError } from '../errors/account.ts'
import { NotAGuardianError } from '../errors/recovery.ts'
import type { GuardianMessage } from './approve.ts'
import { findSigner, type Reveal } from './hiddenGuardians.ts'
import { findReadyChains } from './ownerMessage.ts'
import type { ChainApproval } from './recoveryApproval.ts'

/**
 * Has a Rekey account that is a guardian sign a recovery by its passkey: one prompt, one signature per chain on which the
 * guardian's account is set up. Elsewhere it has no vote. It does not check what comes back.
 *
 * @throws {NotAGuardianError} when the policy does not name the account; before anyone is asked.
 * @throws {AccountNotSetUpError} when the account is set up on none of the chains.
 * @see SPEC §7, ERC-1271 guardians
 */
export async function signApprovalWithAccount<name extends GuardianMessage>(
  guardian: PasskeyAccount,
  parameters: {
    policy: Policy
    typedData: RekeyTypedData<name>
    /** Chains that the message is for. */
    chains: readonly ConfiguredChain[]
    /** What a hidden guardian was given when it was named. */
    reveals?: readonly Reveal[] | undefined
    signal?: AbortSignal | undefined
  },
): Promise<ChainApproval> {
  const { policy, typedData, chains, reveals, signal } = parameters
  const { config, address } = guardian
  const place = findSigner(policy, address, reveals)
  if (!place) throw new NotAGuardianError(`Account ${address}`)
  const shared = config.chains.filter(({ id }) => chains.some((chain) => chain.id === id))
  const ready = await findReadyChains(guardian, shared, signal)
  const states = await readFromChains(ready, (chain) => readPasskeys(chain, config.contracts, address), signal)
  const chainIds = states.flatMap((answer) => ('value' in answer && answer.value.isSetUp ? [answer.chain.id] : []))
  const [first] = chains
  if (chainIds.length === 0) throw new AccountNotSetUpError(address, first?.id ?? 0)
  // viem cannot tell which of the messages it is.
  const asAny = typedData as unknown as RekeyTypedData<'Recovery'>
  return { ...place, signatures: await signNested(guardian, { chainIds, typedData: asAny, signal }) }
}
