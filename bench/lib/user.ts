import {
  accountAddress,
  type Call,
  encodeExecute,
  encodeNonceKey,
  frameGenesisSignature,
  passkeyTypedData,
} from '@rekey/sdk'
import { rekeyAccountAbi, rekeyAccountFactoryAbi } from '@rekey/sdk/abis'
import { createSoftwareAuthenticator } from '@rekey/sdk/testing'
import {
  type CredentialRecord,
  createCredential,
  credentialCommitment,
  encodeAssertion,
  getAssertion,
  merkleTree,
  toCredential,
} from '@rekey/sdk/webauthn'
import {
  type Address,
  concat,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  keccak256,
  numberToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  type UserOperation,
} from 'viem/account-abstraction'
import type { World } from './world.ts'

const RP_ID = 'account.example.com'
const ORIGIN = `https://${RP_ID}`

/** A device whose passkeys, and with them every byte that is measured, are the same in every run. */
export async function createPasskey(seed: string): Promise<Passkey> {
  const device = createSoftwareAuthenticator({ seed, extraKeyShare: 0 })
  const credentials = device.credentialsAt(ORIGIN)
  const ceremony = { rpId: RP_ID, origins: [ORIGIN], credentials }
  const { credential } = await createCredential({
    ...ceremony,
    rpName: 'Example',
    userName: seed,
    userHandle: keccak256(numberToHex(seed.length)),
  })
  return {
    credential,
    commitment: credentialCommitment(toCredential(credential)),
    async sign(challenge, framing = {}) {
      const { assertion } = await getAssertion({ ...ceremony, challenge, allowCredentials: [credential.id] })
      return encodeAssertion({ credential, assertion, ...framing })
    },
  }
}

/** A passkey that signs without asking anyone. */
export type Passkey = {
  readonly credential: CredentialRecord
  readonly commitment: Hex
  /** Stateless without an index. */
  sign(challenge: Hex, framing?: { index?: number; proof?: readonly Hex[] }): Promise<Hex>
}

export type User = {
  readonly address: Address
  readonly passkey: Passkey
  /** The call that sets the account up. */
  readonly setup: Call
  readonly factoryData: Hex
  /** What a relayer calls the factory with. */
  readonly createAndSetupData: Hex
  genesisSignature(challenge: Hex): Promise<Hex>
}

/** An account that exists nowhere yet. */
export async function createUser(world: World, seed: string, policy: Hex = '0x'): Promise<User> {
  const passkey = await createPasskey(seed)
  const { factory, implementation } = world.contracts
  const genesis = {
    credential: passkey.commitment,
    policy: policy === '0x' ? zeroHash : keccak256(policy),
    handle: keccak256(passkey.credential.id),
  }
  const address = accountAddress({ factory, implementation, ...genesis })
  const setup = {
    to: address,
    data: encodeFunctionData({
      abi: rekeyAccountAbi,
      functionName: 'setup',
      args: [toCredential(passkey.credential), passkey.credential.id, policy, genesis.handle],
    }),
  }
  const factoryData = encodeFunctionData({
    abi: rekeyAccountFactoryAbi,
    functionName: 'createAccount',
    args: [implementation, genesis.credential, genesis.policy, genesis.handle],
  })
  const createAndSetupData = encodeFunctionData({
    abi: rekeyAccountFactoryAbi,
    functionName: 'createAndSetup',
    args: [implementation, toCredential(passkey.credential), passkey.credential.id, policy, genesis.handle],
  })
  return {
    address,
    passkey,
    setup,
    factoryData,
    createAndSetupData,
    genesisSignature: async (challenge) => frameGenesisSignature(genesis, await passkey.sign(challenge)),
  }
}

export type OpOptions = {
  readonly isFirst?: boolean
  /** Signs for this many chains at once; the others are made up. */
  readonly chains?: number
}

/** A signed userOp of the account. */
export async function signOp(
  world: World,
  user: User,
  calls: readonly Call[],
  options: OpOptions = {},
): Promise<UserOperation<'0.8'>> {
  const nonce = await world.client.readContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'getNonce',
    args: [user.address, encodeNonceKey({ validator: zeroAddress, lane: 0 })],
  })
  const unsigned: UserOperation<'0.8'> = {
    sender: user.address,
    nonce,
    ...(options.isFirst && { factory: world.contracts.factory, factoryData: user.factoryData }),
    callData: encodeExecute(options.isFirst ? [user.setup, ...calls] : calls),
    callGasLimit: 1_000_000n,
    verificationGasLimit: 1_000_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 1_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
  }
  const hash = getUserOperationHash({
    chainId: 31337,
    entryPointAddress: entryPoint08Address,
    entryPointVersion: '0.8',
    userOperation: unsigned,
  })
  return { ...unsigned, signature: await signatureOf(world, user, hash, options) }
}

async function signatureOf(world: World, user: User, hash: Hex, { isFirst, chains = 1 }: OpOptions): Promise<Hex> {
  if (isFirst) return user.genesisSignature(hash)
  if (chains === 1) return user.passkey.sign(hash, { index: 0 })
  const others = Array.from({ length: chains - 1 }, (_, chain) => keccak256(numberToHex(chain, { size: 32 })))
  const { root, proofs } = merkleTree([hash, ...others])
  const challenge = hashTypedData(passkeyTypedData(world.contracts.passkeyValidator, 'MultiChain', { root }))
  return user.passkey.sign(challenge, { index: 0, proof: proofs[0] ?? [] })
}

/** Sends one userOp in a bundle of its own, as a bundler would. */
export async function handleOp(world: World, op: UserOperation<'0.8'>): Promise<Hex> {
  const word = (high: bigint, low: bigint): Hex =>
    concat([numberToHex(high, { size: 16 }), numberToHex(low, { size: 16 })])
  const packed = {
    sender: op.sender,
    nonce: op.nonce,
    initCode: op.factory ? concat([op.factory, op.factoryData ?? '0x']) : ('0x' as Hex),
    callData: op.callData,
    accountGasLimits: word(op.verificationGasLimit, op.callGasLimit),
    preVerificationGas: op.preVerificationGas,
    gasFees: word(op.maxPriorityFeePerGas, op.maxFeePerGas),
    paymasterAndData: '0x' as Hex,
    signature: op.signature,
  }
  const hash = await world.send(
    entryPoint08Address,
    encodeFunctionData({ abi: entryPoint08Abi, functionName: 'handleOps', args: [[packed], world.beneficiary] }),
  )
  const { logs } = await world.client.getTransactionReceipt({ hash })
  // UserOperationEvent's second data word is `success`.
  const event = logs.find(
    ({ topics }) => topics[0] === '0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f',
  )
  if (event?.data.slice(66, 130) !== '1'.padStart(64, '0'))
    throw new Error('The userOp was included but its calls reverted.')
  return hash
}

/** Creates the account with its first op and leaves it in a steady state: deposit, tokens, a nonce that exists. */
export async function settle(world: World, user: User): Promise<Hex> {
  await world.deposit(user.address)
  await world.mint(user.address, 10n ** 24n)
  await world.mint(world.recipient, 1n)
  return handleOp(
    world,
    await signOp(world, user, [{ to: world.token, data: world.transferData(10n ** 18n) }], { isFirst: true }),
  )
}
