import { type Address, encodeFunctionData } from 'viem'
import { getBlock } from 'viem/actions'
import { passkeyValidatorAbi } from '../abis/used.ts'
import { findPasskey, readPasskeys } from '../accounts/accountState.ts'
import { findGenesis } from '../accounts/genesis.ts'
import { createLaterHandle } from '../accounts/handles.ts'
import { createProvenPasskey, proveDigest } from '../accounts/newPasskey.ts'
import { getAccount, type PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { isPossessed } from '../accounts/possession.ts'
import { type ChainResult, checkChain, type OnProgress, readFromChains } from '../config/chainWork.ts'
import { type ConfiguredChain, type RekeyConfig, selectChains } from '../config/createConfig.ts'
import {
  OtherAccountError,
  PasskeyNotProvenError,
  PasskeyRequestExpiredError,
  PasskeyRequestPendingError,
} from '../errors/passkeys.ts'
import type { CredentialsContainerLike } from '../webauthn/ceremony.ts'
import { credentialCommitment, toCredential } from '../webauthn/credential.ts'
import { listPasskeys } from './listPasskeys.ts'
import { cutName, type PasskeyRequest } from './passkeyRequestLink.ts'
import { sendCallsOnChains } from './sendCallsOnChains.ts'

/** What {@link requestPasskey} takes. */
export type RequestPasskeyParameters = {
  account: Address
  /** Name of the new passkey as devices show it, at most 64 bytes; the rest is cut off. */
  name: string
  /** Seconds until the request expires, by the chains' clock. Default: one hour. */
  lifetime?: number | undefined
  isSecurityKey?: boolean | undefined
  /** Container for the new passkey. Default: the config's. */
  credentials?: CredentialsContainerLike | undefined
  signal?: AbortSignal | undefined
}

const defaultLifetime = 3_600

/**
 * Makes a passkey on this domain for an account whose passkeys are on another one: two prompts here. Nothing is sent. A
 * passkey of the account approves the request there, and {@link completePasskey} ends it here.
 *
 * A domain can vanish; with passkeys on two, the account outlives either.
 *
 * @throws {GenesisUnknownError} when no chain knows the account; before any prompt.
 * @throws {WebAuthnAlreadyRegisteredError} when the device holds a passkey of the account on this domain already.
 * @throws {PasskeyNotProvenError} when a contract would not accept the new passkey's signature.
 * @example
 * const request = await requestPasskey(config, { account: '0x…', name: 'Ada' })
 * showQr(toPasskeyRequestLink('https://first.example/approve-passkey', request))
 * @see SPEC §4
 */
export async function requestPasskey(
  config: RekeyConfig,
  parameters: RequestPasskeyParameters,
): Promise<PasskeyRequest> {
  const { account, lifetime = defaultLifetime, isSecurityKey, credentials, signal } = parameters
  const name = cutName(parameters.name)
  await findGenesis(config, account, { signal })
  const [{ chains }, now] = await Promise.all([
    listPasskeys({ config, address: account }, { signal }),
    readTime(config, signal),
  ])
  const { passkey, possession } = await createProvenPasskey(config, {
    account,
    name,
    // Another request may be under way: it must not lose its passkey to this one.
    userHandle: createLaterHandle(),
    excludeCredentials: chains.flatMap((chain) =>
      'passkeys' in chain ? chain.passkeys.flatMap(({ known }) => known?.credentialId ?? []) : [],
    ),
    isSecurityKey,
    credentials,
    signal,
  })
  const request = { account, passkey, name, expiresAt: now + lifetime, possession }
  await checkPossession(config, request, signal)
  return request
}

/** What {@link approvePasskey} takes. */
export type ApprovePasskeyParameters = {
  /** Default: all chains of the config. */
  chainIds?: readonly number[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/**
 * Adds the passkey of a request to the account on every chain, with one prompt. Whoever approves has to see domain, name
 * and account first: a passkey that was added can do everything.
 *
 * @returns One result per chain: `skipped` where the passkey is already.
 * @throws {OtherAccountError} when the request is for another account.
 * @throws {PasskeyRequestExpiredError} when it is too old.
 * @throws {PasskeyNotProvenError} when the new passkey has not signed that it belongs to this account.
 * @example
 * await approvePasskey(account, readPasskeyRequest(link))
 */
export async function approvePasskey(
  account: PasskeyAccount,
  request: PasskeyRequest,
  { chainIds, signal, onProgress }: ApprovePasskeyParameters = {},
): Promise<ChainResult[]> {
  const { config, address } = account
  if (request.account.toLowerCase() !== address.toLowerCase())
    throw new OtherAccountError({ wanted: request.account, account: address })
  const now = await readTime(config, signal)
  if (now > request.expiresAt) throw new PasskeyRequestExpiredError({ expiresAt: request.expiresAt, now })
  await checkPossession(config, request, signal)

  const chains = selectChains(config, chainIds)
  const answers = await readFromChains(chains, (chain) => hasPasskey(config, chain, request), signal)
  const settled = new Map<number, ChainResult>()
  for (const answer of answers) {
    const chainId = answer.chain.id
    if ('error' in answer) settled.set(chainId, { chainId, status: 'failed', error: answer.error })
    else if (answer.value) settled.set(chainId, { chainId, status: 'skipped' })
  }
  for (const result of settled.values()) onProgress?.(result)
  const { passkeyValidator: to } = config.contracts
  const args = [toCredential(request.passkey), request.passkey.id, request.possession] as const
  const data = encodeFunctionData({ abi: passkeyValidatorAbi, functionName: 'addCredential', args })
  const batches = chains.filter(({ id }) => !settled.has(id)).map(({ id }) => ({ chainId: id, calls: [{ to, data }] }))
  for (const result of await sendCallsOnChains(account, { batches, signal, onProgress }))
    settled.set(result.chainId, result)
  return chains.flatMap(({ id }) => settled.get(id) ?? [])
}

/** What {@link completePasskey} returns. */
export type CompletePasskeyReturnType = {
  /** The account, signing with the new passkey. */
  readonly account: PasskeyAccount
  /** Chains that have the new passkey. */
  readonly chainIds: readonly number[]
}

/**
 * Ends a request on the domain that made it: returns the account once a chain has the new passkey.
 *
 * @throws {PasskeyRequestPendingError} when no chain that answers has it yet.
 * @example
 * const { account } = await completePasskey(config, request)
 */
export async function completePasskey(
  config: RekeyConfig,
  request: PasskeyRequest,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<CompletePasskeyReturnType> {
  const answers = await readFromChains(config.chains, (chain) => hasPasskey(config, chain, request), signal)
  const chainIds = answers.flatMap((answer) => ('value' in answer && answer.value ? [answer.chain.id] : []))
  if (chainIds.length === 0) throw new PasskeyRequestPendingError(request.account)
  const genesis = await findGenesis(config, request.account, { signal })
  const account = getAccount(config, { address: request.account, genesis, credential: request.passkey })
  return { account, chainIds }
}

async function hasPasskey(config: RekeyConfig, chain: ConfiguredChain, { account, passkey }: PasskeyRequest) {
  await checkChain(chain)
  const state = await readPasskeys(chain, config.contracts, account)
  return findPasskey(state, credentialCommitment(toCredential(passkey))) !== undefined
}

/** The latest of the chains' clocks: no node can make a request live longer. The client's own clock is not asked. */
async function readTime({ chains }: RekeyConfig, signal: AbortSignal | undefined): Promise<number> {
  const answers = await readFromChains(chains, async ({ client }) => Number((await getBlock(client)).timestamp), signal)
  const times = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (times.length === 0 && failed) throw failed
  return Math.max(...times)
}

/** Asks the contract that checks it later: without possession it would add a passkey that nobody may be able to use. */
async function checkPossession(config: RekeyConfig, request: PasskeyRequest, signal: AbortSignal | undefined) {
  const { account, passkey, possession } = request
  const commitment = credentialCommitment(toCredential(passkey))
  const proof = { challenge: proveDigest(config, { account, commitment }), possession, commitment }
  const answers = await readFromChains(config.chains, (chain) => isPossessed(chain, config.contracts, proof), signal)
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (failed && answers.every((answer) => 'error' in answer)) throw failed
  for (const answer of answers)
    if ('value' in answer && !answer.value)
      throw new PasskeyNotProvenError(`chain ${answer.chain.id} does not accept its signature`)
}
