import { encodeFunctionData, type Hex } from 'viem'
import { passkeyValidatorAbi } from '../abis/used.ts'
import { createLaterHandle } from '../accounts/handles.ts'
import { createProvenPasskey } from '../accounts/newPasskey.ts'
import { getAccount, type PasskeyAccount } from '../accounts/passkeyAccount.ts'
import type { ChainResult, OnProgress } from '../config/chainWork.ts'
import { selectChains } from '../config/createConfig.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { toCredential } from '../webauthn/credential.ts'
import { listPasskeys } from './listPasskeys.ts'
import { sendCallsOnChains } from './sendCallsOnChains.ts'

/** What {@link addPasskey} takes. */
export type AddPasskeyParameters = {
  /** Name of the new passkey as devices show it. */
  name: string
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  /**
   * Make it on a security key, which need not be able to keep passkeys. It must have a PIN, or know its user otherwise;
   * to sign in with it the account's address is needed. Default: no.
   */
  isSecurityKey?: boolean | undefined
  /** Container for the new passkey, of another device for example. Default: the config's. */
  credentials?: CredentialsContainerLike | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/** What {@link addPasskey} returns. */
export type AddPasskeyReturnType = {
  readonly commitment: Hex
  /** The account, signing with the new passkey. */
  readonly account: PasskeyAccount
  readonly results: readonly ChainResult[]
}

/**
 * Adds a passkey on every chain. The new passkey is created and shows that it can sign (two prompts on its device); then
 * the owner's passkey signs once for all chains.
 *
 * It replaces no passkey on its device but one that the account has no more.
 *
 * @throws {WebAuthnAlreadyRegisteredError} when the device holds a passkey of the account already.
 * @throws {SecurityKeyNotUsedError} when no security key answered, or one without a PIN.
 * @throws {WebAuthnNotAllowedError} when a prompt was closed; nothing was sent.
 * @example
 * const { account: onLaptop } = await addPasskey(account, { name: 'Laptop' })
 * @see SPEC §4
 */
export async function addPasskey(
  account: PasskeyAccount,
  { name, chainIds, isSecurityKey, credentials, signal, onProgress }: AddPasskeyParameters,
): Promise<AddPasskeyReturnType> {
  const { config, address, genesis } = account
  const { passkeyValidator } = config.contracts
  const present = await findPasskeys(account, signal)
  const { passkey, commitment, possession } = await createProvenPasskey(config, {
    account: address,
    name,
    // A chain that tells nothing may have passkeys that cannot be excluded: then none may be replaced.
    userHandle: present.isComplete ? genesis.handle : createLaterHandle(),
    excludeCredentials: present.ids,
    isSecurityKey,
    credentials,
    signal,
  })
  const args = [toCredential(passkey), passkey.id, possession] as const
  const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'addCredential', args })
  const batches = selectChains(config, chainIds).map(({ id }) => ({
    chainId: id,
    calls: [{ to: passkeyValidator, data }],
  }))
  const results = await sendCallsOnChains(account, { batches, signal, onProgress })
  return { commitment, account: getAccount(config, { address, genesis, credential: passkey }), results }
}

/** Ids of the account's passkeys, as far as the chains tell: those that any of them takes, and the one in use. */
async function findPasskeys(
  account: PasskeyAccount,
  signal: AbortSignal | undefined,
): Promise<{ ids: readonly Hex[]; isComplete: boolean }> {
  const { chains } = await listPasskeys(account, { signal })
  const lists = chains.flatMap((chain) => ('passkeys' in chain ? [chain] : []))
  const passkeys = lists.flatMap((chain) => chain.passkeys)
  const genesis = lists.every(({ isSetUp }) => isSetUp) ? [] : [account.genesis.credentialId]
  const ids = [account.credential.id, ...genesis, ...passkeys.flatMap(({ known }) => known?.credentialId ?? [])]
  const isComplete = lists.length === chains.length && passkeys.every(({ known }) => known !== undefined)
  return { ids: [...new Set(ids)], isComplete }
}
