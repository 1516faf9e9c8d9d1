import {
  concat,
  type Hex,
  type SignableMessage,
  serializeErc6492Signature,
  type TypedData,
  type TypedDataDefinition,
  zeroAddress,
  zeroHash,
} from 'viem'
import { hashMessage, hashTypedData } from 'viem/experimental/erc7739'
import { throwIfAborted, untilAborted } from '../config/abort.ts'
import { checkChain } from '../config/chainWork.ts'
import { getChain } from '../config/createConfig.ts'
import { AccountNotSetUpError } from '../errors/account.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import { readPasskeys } from './accountState.ts'
import { encodeCreateAndSetup } from './genesis.ts'
import { type AnyTypedData, wrapNestedSignature } from './nestedSignature.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'
import { findSigningPlace } from './signDigest.ts'
import { signDigests } from './signDigests.ts'

/** Where the set-up puts the passkey that an account is created with. */
const genesisIndex = 0

/**
 * Signs a message so that the account's ERC-1271 on that chain accepts it: one prompt. The signature holds for this
 * account on this chain only (ERC-7739).
 *
 * Where the account is not created or not set up yet, the passkey it was created with signs, and the signature carries
 * the call that creates it and sets it up (ERC-6492). Verifiers make that call in a simulation, as viem's `verifyMessage`
 * does; one that knows ERC-1271 alone accepts no signature before the set-up.
 *
 * @throws {PasskeyCannotSignError} when the passkey does not sign on this chain; before any prompt.
 * @example
 * const signature = await signMessage(account, { chainId: 8453, message: 'Sign in to example.com' })
 * @see ERC-7739, PersonalSign; ERC-6492
 */
export async function signMessage(
  account: PasskeyAccount,
  parameters: { chainId: number; message: SignableMessage; signal?: AbortSignal | undefined },
): Promise<Hex> {
  const { chainId, message, signal } = parameters
  const digestOn = (id: number) => hashMessage({ message, verifierDomain: accountDomain(account, id) })
  const pack = (signature: Hex) => signature
  return single(await sign(account, { chainIds: [chainId], digestOn, pack, wrapBeforeSetUp, signal }))
}

/**
 * Signs typed data so that the account's ERC-1271 on that chain accepts it: one prompt. Before the set-up it signs as
 * {@link signMessage} does.
 *
 * @throws {PasskeyCannotSignError} when the passkey does not sign on this chain; before any prompt.
 * @example
 * const signature = await signTypedData(account, { chainId: 8453, typedData: permit })
 * @see ERC-7739, TypedDataSign; ERC-6492
 */
export async function signTypedData<
  const typedData extends TypedData | Record<string, unknown>,
  primaryType extends keyof typedData | 'EIP712Domain',
>(
  account: PasskeyAccount,
  parameters: {
    chainId: number
    typedData: TypedDataDefinition<typedData, primaryType>
    signal?: AbortSignal | undefined
  },
): Promise<Hex> {
  const { chainId, typedData, signal } = parameters
  const nesting = nest(account, typedData as unknown as AnyTypedData)
  return single(await sign(account, { chainIds: [chainId], ...nesting, wrapBeforeSetUp, signal }))
}

/**
 * Signs typed data for several chains with one prompt, for contracts that ask the account themselves (ERC-1271) and take
 * nothing that would have to create it first; each signature holds on its chain only.
 *
 * @throws {AccountNotSetUpError} when the account is not set up on one of the chains; before any prompt.
 */
export async function signNested<
  const typedData extends TypedData | Record<string, unknown>,
  primaryType extends keyof typedData | 'EIP712Domain',
>(
  account: PasskeyAccount,
  parameters: {
    chainIds: readonly number[]
    typedData: TypedDataDefinition<typedData, primaryType>
    signal?: AbortSignal | undefined
  },
): Promise<ChainSignature[]> {
  const { chainIds, typedData, signal } = parameters
  return sign(account, { chainIds, ...nest(account, typedData as unknown as AnyTypedData), signal })
}

/** A signature that holds on one chain. */
export type ChainSignature = { readonly chainId: number; readonly signature: Hex }

type Signing = {
  readonly chainIds: readonly number[]
  /** What the passkey signs for a chain. */
  readonly digestOn: (chainId: number) => Hex
  /** Puts beside the passkey's signature what the contract needs to find that digest. */
  readonly pack: (signature: Hex) => Hex
  /** Makes a signature verifiable where the account is not set up; without it such chains are refused. */
  readonly wrapBeforeSetUp?: ((account: PasskeyAccount, signature: Hex) => Hex) | undefined
  readonly signal: AbortSignal | undefined
}

/** The nested hash depends on no type parameter; viem's generics do not survive a second layer. */
function nest(account: PasskeyAccount, typedData: AnyTypedData): Pick<Signing, 'digestOn' | 'pack'> {
  return {
    digestOn(chainId) {
      const verifierDomain = { ...accountDomain(account, chainId), salt: zeroHash }
      return hashTypedData({ ...typedData, verifierDomain } as unknown as Parameters<typeof hashTypedData>[0])
    },
    pack: (signature) => wrapNestedSignature(typedData, signature),
  }
}

function accountDomain({ address }: PasskeyAccount, chainId: number) {
  return { name: 'Rekey Account', version: '1', chainId, verifyingContract: address } as const
}

/** An account that is created only has no passkey yet and answers no: the call must set it up too. */
function wrapBeforeSetUp({ config, genesis }: PasskeyAccount, signature: Hex): Hex {
  const { contracts } = config
  return serializeErc6492Signature({
    address: contracts.factory,
    data: encodeCreateAndSetup(contracts, genesis),
    signature,
  })
}

async function sign(account: PasskeyAccount, signing: Signing): Promise<ChainSignature[]> {
  const { chainIds, digestOn, pack, wrapBeforeSetUp: wrap, signal } = signing
  throwIfAborted(signal)
  const places = await untilAborted(Promise.all(chainIds.map((chainId) => findPlace(account, chainId))), signal)
  const early = places.find(({ isSetUp }) => !isSetUp)
  if (early && !wrap) throw new AccountNotSetUpError(account.address, early.chainId)
  const { assertion, proofs } = await signDigests(account, chainIds.map(digestOn), signal)
  const { credential } = account
  return places.map(({ chainId, index, isSetUp }, at) => {
    const signature = concat([zeroAddress, pack(encodeAssertion({ credential, assertion, index, proof: proofs[at] }))])
    return { chainId, signature: wrap && !isSetUp ? wrap(account, signature) : signature }
  })
}

async function findPlace(account: PasskeyAccount, chainId: number) {
  const { config, address } = account
  const chain = getChain(config, chainId)
  await checkChain(chain)
  const place = findSigningPlace(account, chainId, await readPasskeys(chain, config.contracts, address))
  const isSetUp = place.kind === 'stored'
  return { chainId, isSetUp, index: isSetUp ? place.index : genesisIndex }
}

function single([signature]: readonly ChainSignature[]): Hex {
  return signature?.signature ?? '0x'
}
