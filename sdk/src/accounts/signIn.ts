import { type Address, bytesToHex, type Hex, zeroHash } from 'viem'
import { getContractEvents } from 'viem/actions'
import { rekeyAccountFactoryAbi } from '../abis/RekeyAccountFactory.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import { readEvents } from '../config/readEvents.ts'
import { accountAddress } from '../encoding/genesis.ts'
import { AccountNotFoundError } from '../errors/account.ts'
import { type CredentialRecord, credentialCommitment, credentialFlags, toCredential } from '../webauthn/credential.ts'
import { type AssertionResult, getAssertion } from '../webauthn/getAssertion.ts'
import { recoverPublicKey, verifyAssertion } from '../webauthn/recoverPublicKey.ts'
import { findPasskey, readAccountState } from './accountState.ts'
import { readKnownCredentials } from './credentialEvents.ts'
import { findGenesis, toGenesis } from './genesis.ts'
import { getAccount, type PasskeyAccount } from './passkeyAccount.ts'

/** What {@link signIn} takes. */
export type SignInParameters = {
  /** The account, where it is known; it is then found even when its passkey came by a recovery elsewhere. */
  address?: Address | undefined
  signal?: AbortSignal | undefined
}

/**
 * Finds the account of a passkey that the user chooses: by the handle stored with the passkey and the chains' events. The
 * passkey must have signed with the key that the events name, and still be one of the account's.
 *
 * One prompt; a second one only for an account that has not been used on any chain.
 *
 * @throws {AccountNotFoundError} when there is none, or the passkey was removed.
 * @throws {WebAuthnNotAllowedError} when the prompt was closed.
 * @throws {AbortedError} when the signal fired.
 * @example
 * const account = await signIn(config)
 * @see SPEC §11
 */
export async function signIn(config: RekeyConfig, parameters: SignInParameters = {}): Promise<PasskeyAccount> {
  const { address, signal } = parameters
  const answer = await ask(config, signal)
  const candidates = address ? [address] : await findAccounts(config, answer.userHandle, signal)
  const found: PasskeyAccount[] = []
  for (const candidate of candidates) {
    const credential = await findSigner(config, candidate, answer, signal)
    if (!credential) continue
    const genesis = await findGenesis(config, candidate, { signal })
    const account = getAccount(config, { address: candidate, genesis, credential })
    // Its address commits to this very key: no node can have made that up.
    if (toGenesis(genesis).credential === credentialCommitment(toCredential(credential))) return account
    found.push(account)
  }
  const [account] = found
  if (account) return account
  if (candidates.length > 0) throw new AccountNotFoundError('the account has no such passkey any more')
  return findUnused(config, answer, signal)
}

function ask(config: RekeyConfig, signal: AbortSignal | undefined, id?: Hex): Promise<AssertionResult> {
  return getAssertion({
    rpId: config.rpId,
    origins: config.origins,
    challenge: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
    allowCredentials: id === undefined ? undefined : [id],
    credentials: config.credentials,
    signal,
  })
}

/** Accounts created with this handle; a stranger may create more of them, so each is checked by its keys. */
async function findAccounts(
  { chains, contracts }: RekeyConfig,
  handle: Hex | undefined,
  signal: AbortSignal | undefined,
): Promise<Address[]> {
  if (handle === undefined) throw new AccountNotFoundError('the passkey has no user handle')
  const source = { address: contracts.factory, abi: rekeyAccountFactoryAbi, eventName: 'AccountCreated' } as const
  const read = async (chain: ConfiguredChain) => {
    await checkChain(chain)
    const { client } = chain
    return readEvents(
      chain,
      (range) => getContractEvents(client, { ...source, ...range, args: { handle }, strict: true }),
      { signal },
    )
  }
  const answers = await readFromChains(chains, read, signal)
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  const accounts = answers.flatMap((answer) => ('value' in answer ? answer.value.map(({ args }) => args.account) : []))
  // Without an answer from every chain nobody can say that there is no account.
  if (accounts.length === 0 && failed) throw failed
  return [...new Set(accounts)]
}

/** Returns the passkey that answered, if it signs for the account on some chain. */
async function findSigner(
  { chains, contracts, rpId, origins }: RekeyConfig,
  account: Address,
  { credentialId, assertion }: AssertionResult,
  signal: AbortSignal | undefined,
): Promise<CredentialRecord | undefined> {
  const read = async (chain: ConfiguredChain) => {
    const [state, known] = await Promise.all([
      readAccountState(chain, contracts, account),
      readKnownCredentials(chain, contracts, { account, credentialId }),
    ])
    return known.filter(({ commitment }) => findPasskey(state, commitment) !== undefined)
  }
  const answers = await readFromChains(chains, read, signal)
  for (const { credential, commitment } of answers.flatMap((answer) => ('value' in answer ? answer.value : []))) {
    const { x, y, flags } = credential
    const record = { id: credentialId, publicKey: { x, y }, rpId, origins, flags }
    if (credentialCommitment(toCredential(record)) !== commitment) continue
    if (verifyAssertion(record.publicKey, assertion)) return record
  }
  return undefined
}

/** No chain knows the handle: key and handle alone give the address of an account without guardians in its genesis. */
async function findUnused(
  config: RekeyConfig,
  first: AssertionResult,
  signal: AbortSignal | undefined,
): Promise<PasskeyAccount> {
  const handle = first.userHandle
  if (handle === undefined) throw new AccountNotFoundError('the passkey has no user handle')
  const second = await ask(config, signal, first.credentialId)
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
