import {
  concat,
  type Hex,
  type SignableMessage,
  type TypedData,
  type TypedDataDefinition,
  zeroAddress,
  zeroHash,
} from 'viem'
import { hashMessage, hashTypedData, wrapTypedDataSignature } from 'viem/experimental/erc7739'
import { checkChain } from '../config/chainWork.ts'
import { getChain } from '../config/createConfig.ts'
import { AccountNotSetUpError } from '../errors/account.ts'
import { encodeAssertion } from '../webauthn/assertion.ts'
import { readAccountState } from './accountState.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'
import { findSigningPlace, signDigest } from './signDigest.ts'

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
  const digest = hashMessage({ message, verifierDomain: accountDomain(account, chainId) })
  return concat([zeroAddress, await signStored(account, chainId, digest, signal)])
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
  const { chainId, signal } = parameters
  // The nested hash depends on no type parameter; viem's generics do not survive a second layer.
  const typedData = parameters.typedData as unknown as Parameters<typeof wrapTypedDataSignature>[0]
  const verifierDomain = { ...accountDomain(account, chainId), salt: zeroHash }
  const digest = hashTypedData({ ...typedData, verifierDomain } as Parameters<typeof hashTypedData>[0])
  const signature = await signStored(account, chainId, digest, signal)
  return concat([zeroAddress, wrapTypedDataSignature({ ...typedData, signature })])
}

function accountDomain({ address }: PasskeyAccount, chainId: number) {
  return { name: 'Rekey Account', version: '1', chainId, verifyingContract: address } as const
}

async function signStored(
  account: PasskeyAccount,
  chainId: number,
  digest: Hex,
  signal: AbortSignal | undefined,
): Promise<Hex> {
  const { config, address, credential } = account
  const chain = getChain(config, chainId)
  await checkChain(chain)
  const state = await readAccountState(chain, config.contracts, address)
  const place = findSigningPlace(account, chainId, state)
  if (place.kind === 'genesis') throw new AccountNotSetUpError(address, chainId)
  return encodeAssertion({ credential, assertion: await signDigest(account, digest, signal), index: place.index })
}
