import { type Address, bytesToHex, type Hex, keccak256, zeroHash } from 'viem'
import { getContractEvents } from 'viem/actions'
import { passkeyValidatorAbi, rekeyAccountFactoryAbi } from '../abis/used.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { Contracts } from '../config/contracts.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import { tellUsed } from '../config/seenPasskeys.ts'
import { accountAddress } from '../encoding/genesis.ts'
import { AccountAmbiguousError, AccountNotFoundError, GenesisUnknownError } from '../errors/account.ts'
import type { BaseError } from '../errors/base.ts'
import { PasskeyRemovedError } from '../errors/passkeys.ts'
import {
  type CredentialRecord,
  credentialCommitment,
  credentialFlags,
  toCredential,
  toOriginHash,
  toOriginsHash,
  toRpIdHash,
} from '../webauthn/credential.ts'
import { type AssertionResult, getAssertion } from '../webauthn/getAssertion.ts'
import { verifyAssertion } from '../webauthn/verifyAssertion.ts'
import { findPasskey, readPasskeys } from './accountState.ts'
import { readKnownCredentials } from './credentialEvents.ts'
import { type AccountGenesis, findGenesis, toGenesis } from './genesis.ts'
import { isAccountHandle, isLaterHandle } from './handles.ts'
import { findListedIds } from './listedPasskeys.ts'
import { withSecurityKey } from './newPasskey.ts'
import { getAccount, type PasskeyAccount } from './passkeyAccount.ts'

/** What {@link signIn} takes. */
export type SignInParameters = {
  /** The account, where it is known; it is then found even when its passkey came by a recovery elsewhere. */
  address?: Address | undefined
  /**
   * Ask for the passkeys that the chains name, and for no other: security keys that keep no passkeys answer to nothing
   * else. Needs `address`. Default: the user chooses among the passkeys of the relying party.
   */
  isSecurityKey?: boolean | undefined
  signal?: AbortSignal | undefined
}

/**
 * Finds the account of a passkey that the user chooses: by the handle stored with the passkey, or by its id, and the
 * chains' events. The passkey must have signed with the key that the events name, still be one of the account's, and have
 * proven itself to that account: anyone may list a stranger's passkey in an account of his own.
 *
 * One prompt; a second one only for an account that has not been used on any chain.
 *
 * @throws {AccountNotFoundError} when there is none.
 * @throws {AccountAmbiguousError} when it is one of several accounts'; pass the address of one.
 * @throws {PasskeyRemovedError} when the passkey was one of the account's, and every chain says that it is no more.
 * @throws {WebAuthnNotAllowedError} when the prompt was closed.
 * @throws {SecurityKeyNotUsedError} when no security key answered.
 * @throws {NoListedPasskeyError} when no chain names a passkey to ask a security key for; before any prompt.
 * @throws {AbortedError} when the signal fired.
 * @example
 * const account = await signIn(config)
 * @see SPEC §11
 */
export async function signIn(config: RekeyConfig, parameters: SignInParameters = {}): Promise<PasskeyAccount> {
  const { address, isSecurityKey = false, signal } = parameters
  const allowed = isSecurityKey ? await findListedIds(config, address, signal) : undefined
  const answer = await withSecurityKey(isSecurityKey, () => ask(config, signal, allowed))
  const candidates = address ? [address] : await findAccounts(config, answer, signal)
  const found: PasskeyAccount[] = []
  let removedFrom: Address | undefined
  let failure: BaseError | undefined
  for (const candidate of candidates) {
    const { signer, removed, error } = await findSigner(config, candidate, answer, signal)
    if (!signer) failure ??= error
    const known = signer ?? removed
    const genesis = known && (await genesisOf(config, candidate, { isNamed: address !== undefined, signal }))
    if (!known || !genesis) continue
    if (!address && !isOwn(genesis, known, answer.userHandle)) continue
    if (signer) found.push(getAccount(config, { address: candidate, genesis, credential: signer.credential }))
    else removedFrom ??= candidate
  }
  const [account, ...others] = found
  if (others.length > 0) throw new AccountAmbiguousError(found.map((one) => one.address))
  if (account) return account
  // Without an answer from every chain nobody can say that the passkey is out.
  if (failure) throw failure
  if (removedFrom) throw new PasskeyRemovedError(removedFrom, answer.credentialId)
  if (address) throw new AccountNotFoundError('the account never had this passkey')
  return findUnused(config, answer, signal)
}

/** How a candidate came to be. What has the form of no account of ours is none, unless it was asked for by address. */
async function genesisOf(
  config: RekeyConfig,
  account: Address,
  { isNamed, signal }: { isNamed: boolean; signal: AbortSignal | undefined },
): Promise<AccountGenesis | undefined> {
  try {
    return await findGenesis(config, account, { signal })
  } catch (error) {
    if (isNamed || !(error instanceof GenesisUnknownError)) throw error
    return undefined
  }
}

/**
 * Whether an account that has a passkey is its owner's, and not a stranger's who put the passkey into it. Anyone can create
 * an account with it, with guardians of his own: then the handle on the device does not fit them. Anyone can list it in
 * his account: then it has not proven itself there.
 */
function isOwn(genesis: AccountGenesis, { credential, isProven }: Signer, userHandle: Hex | undefined): boolean {
  const { handle, policy, credential: first } = toGenesis(genesis)
  if (first !== credentialCommitment(toCredential(credential))) return isProven
  return handle === userHandle && isAccountHandle(handle, policy)
}

async function ask(
  config: RekeyConfig,
  signal: AbortSignal | undefined,
  ids?: readonly Hex[],
): Promise<AssertionResult> {
  const answer = await getAssertion({
    rpId: config.rpId,
    origins: config.origins,
    challenge: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
    allowCredentials: ids,
    credentials: config.credentials,
    signal,
  })
  return tellUsed(config, answer, config.rpId)
}

/**
 * Accounts created with the passkey's handle, or, for a handle that no account was created with, those it was added to. A
 * stranger may make more of them, so each is checked by its keys.
 */
async function findAccounts(
  { chains, contracts }: RekeyConfig,
  { userHandle: handle, credentialId }: AssertionResult,
  signal: AbortSignal | undefined,
): Promise<Address[]> {
  const read = async (chain: ConfiguredChain) => {
    await checkChain(chain)
    return handle === undefined || isLaterHandle(handle)
      ? readAddedTo(chain, contracts, credentialId, signal)
      : readCreated(chain, contracts, handle, signal)
  }
  const answers = await readFromChains(chains, read, signal)
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  const accounts = answers.flatMap((answer) => ('value' in answer ? answer.value : []))
  // Without an answer from every chain nobody can say that there is no account.
  if (accounts.length === 0 && failed) throw failed
  return [...new Set(accounts)]
}

async function readCreated(
  chain: ConfiguredChain,
  { factory }: Contracts,
  handle: Hex,
  signal: AbortSignal | undefined,
): Promise<Address[]> {
  const source = { address: factory, abi: rekeyAccountFactoryAbi, args: { handle }, strict: true } as const
  const events = await readEvents(
    chain,
    (range) => getContractEvents(chain.client, { ...source, ...range, eventName: 'AccountCreated' }),
    { signal },
  )
  return events.map(({ args }) => args.account)
}

async function readAddedTo(
  chain: ConfiguredChain,
  { passkeyValidator }: Contracts,
  credentialId: Hex,
  signal: AbortSignal | undefined,
): Promise<Address[]> {
  const args = { idHash: keccak256(credentialId) }
  const source = { address: passkeyValidator, abi: passkeyValidatorAbi, args, strict: true } as const
  const events = await Promise.all([
    readEvents(
      chain,
      (range) => getContractEvents(chain.client, { ...source, ...range, eventName: 'CredentialAdded' }),
      { signal },
    ),
    readEvents(
      chain,
      (range) => getContractEvents(chain.client, { ...source, ...range, eventName: 'CredentialsReset' }),
      { signal },
    ),
  ])
  return events.flat().map((event) => event.args.account)
}

type Signer = { readonly credential: CredentialRecord; readonly isProven: boolean }

/** What the chains say of the passkey that answered. */
type SignerSearch = {
  /** The passkey, if it signs for the account on some chain. */
  readonly signer?: Signer | undefined
  /** The passkey, if some chain tells that it once did; proven if one of its events says so. */
  readonly removed?: Signer | undefined
  /** Why a chain did not answer. */
  readonly error: BaseError | undefined
}

/** Looks for the passkey that answered among those of an account. */
async function findSigner(
  { chains, contracts, rpId, origins }: RekeyConfig,
  account: Address,
  { credentialId, assertion }: AssertionResult,
  signal: AbortSignal | undefined,
): Promise<SignerSearch> {
  const read = async (chain: ConfiguredChain) => {
    const [state, known] = await Promise.all([
      readPasskeys(chain, contracts, account),
      readKnownCredentials(chain, contracts, { account, credentialId }),
    ])
    return known.map((passkey) => ({ ...passkey, stored: findPasskey(state, passkey.commitment) }))
  }
  const answers = await readFromChains(chains, read, signal)
  const [error] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  const [rpIdHash, originsHash] = [toRpIdHash(rpId), toOriginsHash(origins.map(toOriginHash))]
  const passkeys = answers
    .flatMap((answer) => ('value' in answer ? answer.value : []))
    .filter(({ credential: known }) => known.rpIdHash === rpIdHash && known.originsHash === originsHash)
    .map(({ credential: { x, y, flags }, stored, isProven }) => ({
      credential: { id: credentialId, publicKey: { x, y }, rpId, origins, flags },
      stored,
      isProven,
    }))
  let signer: Signer | undefined
  let removed: Signer | undefined
  for (const { credential, stored, isProven } of passkeys) {
    if (!(await verifyAssertion(credential.publicKey, assertion))) continue
    if (!stored) removed = { credential, isProven: isProven || removed?.isProven === true }
    else if (!signer?.isProven) signer = { credential, isProven: stored.isProven }
  }
  return { signer, removed, error }
}

/** No chain knows the handle: key and handle alone give the address of an account without guardians in its genesis. */
async function findUnused(
  config: RekeyConfig,
  first: AssertionResult,
  signal: AbortSignal | undefined,
): Promise<PasskeyAccount> {
  const handle = first.userHandle
  if (handle === undefined) throw new AccountNotFoundError('the passkey has no user handle')
  if (isLaterHandle(handle)) throw new AccountNotFoundError('no chain has been told of it yet')
  if (!isAccountHandle(handle, zeroHash)) throw new AccountNotFoundError('no chain tells how its account was created')
  const second = await ask(config, signal, [first.credentialId])
  // Recovering a key takes more code than everything else here, and few ever need it: it is loaded then.
  const { recoverPublicKey } = await import('../webauthn/recoverPublicKey.ts')
  const credential: CredentialRecord = {
    id: first.credentialId,
    publicKey: recoverPublicKey([first.assertion, second.assertion]),
    rpId: config.rpId,
    origins: config.origins,
    flags: credentialFlags.userVerification,
  }
  const genesis = { credential: toCredential(credential), credentialId: credential.id, policy: '0x', handle } as const
  const { factory, implementation } = config.contracts
  const commitment = credentialCommitment(genesis.credential)
  const address = accountAddress({ factory, implementation, credential: commitment, policy: zeroHash, handle })
  return getAccount(config, { address, genesis, credential })
}
