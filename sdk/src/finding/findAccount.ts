import { type Address, getAddress, type Hex } from 'viem'
import { passkeysQuestion } from '../accounts/accountState.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { signIn } from '../accounts/signIn.ts'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readTogether } from '../config/readTogether.ts'
import type { BaseError } from '../errors/base.ts'
import { AccountAbsentError } from '../errors/names.ts'
import { PasskeyRemovedError } from '../errors/passkeys.ts'
import { recoveryFromKit } from '../kit/exportKit.ts'
import { readKit } from '../kit/readKit.ts'
import { isSheetText, readSheet } from '../kit/sheet.ts'
import { policyQuestions } from '../recovery/recoveryState.ts'
import type { StartRecoveryParameters } from '../recovery/startRecovery.ts'
import { resolveName } from './resolveName.ts'

/** What somebody still has of an account, and how it is found by that. */
export type FindAccountParameters = { readonly signal?: AbortSignal | undefined } & (
  | {
      /** A passkey on this device: one prompt. */
      readonly by: 'passkey'
      /** The account, where it is known. */
      readonly address?: Address | undefined
    }
  | { readonly by: 'address'; readonly address: Address }
  | {
      /** A name, resolved by the config's `resolveName`. */
      readonly by: 'name'
      readonly name: string
      /** The account that is known to have the name, from this device or from paper. */
      readonly expected?: Address | undefined
    }
  | {
      /** The text of a sheet's QR code or the link in it, or a kit in whatever form. */
      readonly by: 'kit'
      readonly kit: unknown
      readonly expected?: Address | undefined
    }
)

/** An account on one chain as far as finding it goes. */
export type FoundOnChain =
  | { readonly chainId: number; readonly isSetUp: boolean; readonly hasGuardians: boolean }
  | { readonly chainId: number; readonly error: BaseError }

/** An account that was found. */
export type FoundAccount = {
  readonly address: Address
  /** The name that led to it. Never show it without the address: whoever resolves names may err or lie. */
  readonly name?: string | undefined
  readonly chains: readonly FoundOnChain[]
  /** Guardians could be read on some chain, or its address commits to them. */
  readonly canRecover: boolean
  /** What `startRecovery` needs to know of it. */
  readonly recovery: Pick<StartRecoveryParameters, 'account' | 'genesis' | 'policies'>
  /**
   * Found by a passkey: `works`, and here is the account; or `removed`, it is in your provider but not on this account any
   * more: use another passkey, or recover.
   */
  readonly passkey?:
    | { readonly state: 'works'; readonly account: PasskeyAccount }
    | { readonly state: 'removed'; readonly credentialId: Hex }
    | undefined
}

/**
 * Finds an account by what somebody still has: a passkey, the address, a name, a kit or a sheet. Whatever says so, it is
 * looked up on the chains before anything is done with it.
 *
 * @throws {AccountAbsentError} when no chain has an account there; with a kit or a sheet it need not be on any yet.
 * @throws {AccountNotFoundError} when the passkey is of no account.
 * @throws {NameMismatchError} when the name leads to another account than the expected one.
 * @throws {UnknownNameError} {@link InvalidNameError} {@link NameServiceError} {@link NameResolverMissingError}
 * @throws {KitAccountError} when kit or sheet is of another account than the expected one; see {@link readKit} for the rest.
 * @throws {ChainUnreachableError} when a chain that does not answer may be the one that has it.
 * @example
 * const found = await findAccount(config, { by: 'passkey' })
 * if (found.passkey?.state === 'works') use(found.passkey.account)
 * else if (found.canRecover) await startRecovery(config, { ...found.recovery, name: 'New phone' })
 * @see SPEC §11
 */
export async function findAccount(config: RekeyConfig, parameters: FindAccountParameters): Promise<FoundAccount> {
  const { signal } = parameters
  switch (parameters.by) {
    case 'passkey':
      return findByPasskey(config, parameters.address, signal)
    case 'address':
      return describe(config, { account: getAddress(parameters.address) }, signal)
    case 'name': {
      const { name, expected } = parameters
      const account = await resolveName(config, { name, expected, signal })
      return { ...(await describe(config, { account }, signal)), name }
    }
    case 'kit': {
      const { kit, expected: account } = parameters
      const { contracts } = config
      const isSheet = typeof kit === 'string' && isSheetText(kit)
      const read = isSheet ? readSheet(kit, { contracts, account }) : readKit(kit, { contracts, account })
      return describe(config, recoveryFromKit(read), signal)
    }
  }
}

async function findByPasskey(
  config: RekeyConfig,
  address: Address | undefined,
  signal: AbortSignal | undefined,
): Promise<FoundAccount> {
  try {
    const account = await signIn(config, { address, signal })
    const found = await describe(config, { account: account.address, genesis: account.genesis }, signal)
    return { ...found, passkey: { state: 'works', account } }
  } catch (error) {
    if (!(error instanceof PasskeyRemovedError)) throw error
    const found = await describe(config, { account: error.account }, signal)
    return { ...found, passkey: { state: 'removed', credentialId: error.credentialId } }
  }
}

async function describe(
  config: RekeyConfig,
  recovery: FoundAccount['recovery'],
  signal: AbortSignal | undefined,
): Promise<FoundAccount> {
  const { account: address, genesis } = recovery
  const read = async (chain: ConfiguredChain) => {
    const { state, head } = await readTogether(chain, {
      state: passkeysQuestion(config.contracts, address),
      head: policyQuestions(config.contracts, address).head,
    })
    return { isSetUp: state.isSetUp, hasGuardians: head.policyId !== 0n }
  }
  const answers = await readFromChains(config.chains, read, signal)
  const chains = answers.map(
    (answer): FoundOnChain =>
      'value' in answer
        ? { chainId: answer.chain.id, ...answer.value }
        : { chainId: answer.chain.id, error: answer.error },
  )
  const isThere = chains.some((chain) => 'isSetUp' in chain && chain.isSetUp)
  const [failed] = chains.flatMap((chain) => ('error' in chain ? [chain.error] : []))
  if (!isThere && !genesis) throw failed ?? new AccountAbsentError(address)
  const hasGuardians = chains.some((chain) => 'hasGuardians' in chain && chain.hasGuardians)
  const canRecover = hasGuardians || (genesis !== undefined && genesis.policy !== '0x')
  return { address, chains, canRecover, recovery }
}
