import { encodeFunctionData, type Hex, hashTypedData } from 'viem'
import { passkeyValidatorAbi } from '../abis/used.ts'
import { createLaterHandle } from '../accounts/laterHandle.ts'
import { getAccount, type PasskeyAccount } from '../accounts/passkeyAccount.ts'
import type { ChainResult, OnProgress } from '../config/chainWork.ts'
import { selectChains } from '../config/createConfig.ts'
import { passkeyTypedData } from '../encoding/typedData.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { createCredential } from '../webauthn/createCredential.ts'
import { credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { getAssertion } from '../webauthn/getAssertion.ts'
import { listPasskeys } from './listPasskeys.ts'
import { sendCallsOnChains } from './sendCallsOnChains.ts'

/** What {@link addPasskey} takes. */
export type AddPasskeyParameters = {
  /** Name of the new passkey as devices show it. */
  name: string
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
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
 * @throws {WebAuthnNotAllowedError} when a prompt was closed; nothing was sent.
 * @example
 * const { account: onLaptop } = await addPasskey(account, { name: 'Laptop' })
 * @see SPEC §4
 */
export async function addPasskey(
  account: PasskeyAccount,
  { name, chainIds, credentials, signal, onProgress }: AddPasskeyParameters,
): Promise<AddPasskeyReturnType> {
  const { config, address, genesis } = account
  const { passkeyValidator } = config.contracts
  const container = credentials ?? config.credentials
  const present = await findPasskeys(account, signal)
  const { credential: passkey } = await createCredential({
    rpId: config.rpId,
    rpName: config.rpName,
    userName: name,
    // A chain that tells nothing may have passkeys that cannot be excluded: then none may be replaced.
    userHandle: present.isComplete ? genesis.handle : createLaterHandle(),
    excludeCredentials: present.ids,
    origins: config.origins,
    credentials: container,
    signal,
  })
  const credential = toCredential(passkey)
  const commitment = credentialCommitment(credential)
  const { assertion } = await getAssertion({
    rpId: passkey.rpId,
    origins: passkey.origins,
    allowCredentials: [passkey.id],
    challenge: hashTypedData(passkeyTypedData(passkeyValidator, 'Prove', { account: address, commitment })),
    credentials: container,
    signal,
  })
  const proof = encodeAssertion({ credential: passkey, assertion })
  const args = [credential, passkey.id, proof] as const
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
