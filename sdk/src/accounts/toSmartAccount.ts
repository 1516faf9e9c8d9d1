import type { Address, Hex, NonceManager } from 'viem'
import {
  entryPoint08Abi,
  getUserOperationHash,
  type SmartAccount,
  type SmartAccountImplementation,
  type UserOperation,
  toSmartAccount as viemToSmartAccount,
} from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import { checkChain } from '../config/chainWork.ts'
import { type ConfiguredChain, getChain } from '../config/createConfig.ts'
import { type Call, encodeExecute } from '../encoding/execution.ts'
import { AccountCreatedMeanwhileError } from '../errors/chain.ts'
import { readAccountState } from './accountState.ts'
import { decodeExecuteCalls } from './decodeCalls.ts'
import { encodeCreateAccount, encodeSetup } from './genesis.ts'
import type { PasskeyAccount } from './passkeyAccount.ts'
import { findSigningPlace, frameUserOpSignature, signDigest } from './signDigest.ts'
import { signMessage, signTypedData } from './signMessage.ts'
import { stubAssertion, stubProof } from './stubAssertion.ts'

/** A Rekey account as viem's account abstraction takes it. */
export type RekeySmartAccount = SmartAccount<Implementation>

type Implementation = SmartAccountImplementation<
  typeof entryPoint08Abi,
  '0.8',
  { readonly passkeyAccount: PasskeyAccount }
>

/** Lane 0 of the PasskeyValidator: one userOp after the other. viem's own default would name another validator. */
const zeroNonceKey: NonceManager = { consume: async () => 0, get: async () => 0, increment() {}, reset() {} }

/**
 * Returns the account on one chain as viem's `SmartAccount`, for `createBundlerClient` and everything else of viem that
 * takes one. Its first userOp sets the account up by itself; what it signs before that is wrapped (ERC-6492).
 *
 * @throws {ChainNotConfiguredError} when the config does not have the chain.
 * @example
 * const bundlerClient = createBundlerClient({ account: await toSmartAccount(account, { chainId: base.id }), client, transport })
 * const hash = await bundlerClient.sendUserOperation({ calls: [{ to, value: 1n }] })
 */
export async function toSmartAccount(
  account: PasskeyAccount,
  { chainId, signal }: { chainId: number; signal?: AbortSignal | undefined },
): Promise<RekeySmartAccount> {
  return buildSmartAccount(account, getChain(account.config, chainId), { signal })
}

/**
 * Returns the smart account with options that only actions of this package need.
 *
 * @param options - `proofDepth`: how deep the Merkle proof of its signatures will be, for estimating gas.
 */
export async function buildSmartAccount(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  options: { signal?: AbortSignal | undefined; proofDepth?: number | undefined } = {},
): Promise<RekeySmartAccount> {
  const { config, address, genesis, credential } = account
  const { contracts } = config
  const readState = () => readAccountState(chain, contracts, address)
  const { client } = chain
  const signing: Pick<RekeySmartAccount, 'signMessage' | 'signTypedData'> = {
    signMessage: ({ message }) => signMessage(account, { chainId: chain.id, message, signal: options.signal }),
    signTypedData: (typedData) =>
      signTypedData(account, { chainId: chain.id, typedData: typedData as never, signal: options.signal }),
  }
  const smartAccount = await viemToSmartAccount<Implementation>({
    client,
    entryPoint: { abi: entryPoint08Abi, address: contracts.entryPoint, version: '0.8' },
    extend: { passkeyAccount: account },
    nonceKeyManager: zeroNonceKey,
    getAddress: async () => address,
    getFactoryArgs: async () => ({
      factory: contracts.factory,
      factoryData: encodeCreateAccount(contracts, genesis),
    }),
    getNonce: async (parameters) =>
      readContract(client, {
        abi: entryPoint08Abi,
        address: contracts.entryPoint,
        functionName: 'getNonce',
        args: [address, parameters?.key ?? 0n],
      }),
    encodeCalls: async (calls) => {
      const { isSetUp } = await readState()
      return encodeExecute([...(isSetUp ? [] : [encodeSetup(address, genesis)]), ...calls.map(toCall)])
    },
    decodeCalls: async (data) => decodeExecuteCalls(data),
    getStubSignature: async () => {
      const place = findSigningPlace(account, chain.id, await readState())
      const proof = options.proofDepth === undefined ? undefined : stubProof(options.proofDepth)
      return frameUserOpSignature(account, place, stubAssertion(credential), proof)
    },
    ...signing,
    signUserOperation: async ({ chainId: _, ...userOperation }) => {
      await checkChain(chain)
      await checkSignable(account, chain, userOperation)
      const hash = hashUserOp(account, chain.id, { ...userOperation, sender: address, signature: '0x' })
      const assertion = await signDigest(account, hash, options.signal)
      return finishSignature(account, chain, userOperation, (place) => frameUserOpSignature(account, place, assertion))
    },
  })
  // viem wraps what an account without code signs in a userOp's factory call, which creates it and does not set it up.
  return { ...smartAccount, ...signing }
}

/** Returns the hash that the EntryPoint of a chain asks the account to have signed. */
export function hashUserOp(account: PasskeyAccount, chainId: number, userOperation: UserOperation<'0.8'>): Hex {
  return getUserOperationHash({
    chainId,
    entryPointAddress: account.config.contracts.entryPoint,
    entryPointVersion: '0.8',
    userOperation,
  })
}

/**
 * Checks that a userOp, as prepared, can still be valid, before anyone is asked to sign it.
 *
 * @throws {PasskeyCannotSignError} when the passkey does not sign on this chain.
 * @throws {AccountCreatedMeanwhileError} when it would create an account that someone has created since.
 */
export async function checkSignable(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  userOperation: { readonly factory?: Address | undefined },
): Promise<void> {
  await finishSignature(account, chain, userOperation, () => '0x')
}

/** Frames an assertion for the state the chain is in now: it may have changed while the prompt was open. */
export async function finishSignature(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  { factory }: { readonly factory?: Address | undefined },
  frame: (place: ReturnType<typeof findSigningPlace>) => Hex,
): Promise<Hex> {
  const state = await readAccountState(chain, account.config.contracts, account.address)
  if (factory && state.isCreated)
    throw new AccountCreatedMeanwhileError({ chainId: chain.id, account: account.address })
  return frame(findSigningPlace(account, chain.id, state))
}

function toCall({ to, value, data }: { to: Address; value?: bigint | undefined; data?: Hex | undefined }): Call {
  return { to, value, data }
}
