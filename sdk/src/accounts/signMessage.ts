import {
  concat,
  type Hex,
  type SignableMessage,
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
import { type AnyTypedData, wrapNestedSignature } from './nestedSignature.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'
import { findSigningPlace } from './signDigest.ts'
import { signDigests } from './signDigests.ts'

/**
 * Signs a message so that the account's ERC-1271 on that chain accepts it: one prompt. The signature holds for this
 * account on this chain only (ERC-7739).
 *
 * @throws {AccountNotSetUpError} when the account is not set up there: nobody could verify the signature.
 * @example
 * const signature = await signMessage(account, { chainId: 8453, message: 'Sign in to example.com' })
 * @see ERC-7739, PersonalSign
 */
export async function signMessage(
  account: PasskeyAccount,
  parameters: { chainId: number; message: SignableMessage; signal?: AbortSignal | undefined },
): Promise<Hex> {
  const { chainId, message, signal } = parameters
  const digestOn = (id: number) => hashMessage({ message, verifierDomain: accountDomain(account, id) })
  return single(await signStored(account, [chainId], digestOn, signal))
}

/**
 * Signs typed data so that the account's ERC-1271 on that chain accepts it: one prompt.
 *
 * @throws {AccountNotSetUpError} when the account is not set up there.
 * @example
 * const signature = await signTypedData(account, { chainId: 8453, typedData: permit })
 * @see ERC-7739, TypedDataSign
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
  return single(await signNested(account, { chainIds: [chainId], typedData, signal }))
}

/**
 * Signs typed data for several chains with one prompt; each signature holds on its chain only.
 *
 * @throws {AccountNotSetUpError} when the account is not set up on one of the chains.
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
  // The nested hash depends on no type parameter; viem's generics do not survive a second layer.
  const typedData = parameters.typedData as unknown as AnyTypedData
  const digestOn = (chainId: number) => {
    const verifierDomain = { ...accountDomain(account, chainId), salt: zeroHash }
    return hashTypedData({ ...typedData, verifierDomain } as unknown as Parameters<typeof hashTypedData>[0])
  }
  const wrap = (signature: Hex) => wrapNestedSignature(typedData, signature)
  return signStored(account, parameters.chainIds, digestOn, parameters.signal, wrap)
}

/** A signature that holds on one chain. */
export type ChainSignature = { readonly chainId: number; readonly signature: Hex }

function accountDomain({ address }: PasskeyAccount, chainId: number) {
  return { name: 'Rekey Account', version: '1', chainId, verifyingContract: address } as const
}

async function signStored(
  account: PasskeyAccount,
  chainIds: readonly number[],
  digestOn: (chainId: number) => Hex,
  signal: AbortSignal | undefined,
  wrap: (signature: Hex) => Hex = (signature) => signature,
): Promise<ChainSignature[]> {
  throwIfAborted(signal)
  const places = await untilAborted(Promise.all(chainIds.map((chainId) => findStored(account, chainId))), signal)
  const { assertion, proofs } = await signDigests(account, chainIds.map(digestOn), signal)
  const { credential } = account
  return places.map(({ chainId, index }, at) => ({
    chainId,
    signature: concat([zeroAddress, wrap(encodeAssertion({ credential, assertion, index, proof: proofs[at] }))]),
  }))
}

async function findStored(account: PasskeyAccount, chainId: number): Promise<{ chainId: number; index: number }> {
  const { config, address } = account
  const chain = getChain(config, chainId)
  await checkChain(chain)
  const place = findSigningPlace(account, chainId, await readPasskeys(chain, config.contracts, address))
  if (place.kind === 'genesis') throw new AccountNotSetUpError(address, chainId)
  return { chainId, index: place.index }
}

function single([signature]: readonly ChainSignature[]): Hex {
  return signature?.signature ?? '0x'
}
