import { createPasskeyAccount, encodeNonceKey, type PasskeyAccount, sendCalls } from '@rekey/sdk'
import { rekeyAccountAbi, signerValidatorAbi } from '@rekey/sdk/abis'
import { checkUserOp } from '@rekey/sdk/testing'
import {
  createCredential,
  credentialCommitment,
  encodeAssertion,
  getAssertion,
  toCredential,
} from '@rekey/sdk/webauthn'
import {
  type Address,
  concat,
  createPublicClient,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  numberToHex,
  size,
} from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  type UserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { configFor, createDevice, origin } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, fund } from '../integration/support/sdkStack.ts'
import { calls } from './support/owner.ts'

type UserOp = UserOperation<'0.8'>
/** Who signs in an account's name, and how. */
type Signer = { readonly bytes: Hex; readonly sign: (hash: Hex) => Promise<Hex> }

const client = () => createPublicClient({ transport: http(stack.chain(0).rpcUrl, { retryCount: 0 }) })

function need(name: string): Address {
  const address = stack.contracts[name]
  if (!address) throw new Error(`${name} is not deployed.`)
  return address
}

function eoaSigner(): Signer {
  const eoa = privateKeyToAccount(generatePrivateKey())
  return { bytes: eoa.address, sign: (hash) => eoa.sign({ hash }) }
}

/** A passkey that WebAuthnVerifier checks; the account knows it as a signer, not as its own passkey. */
async function passkeySigner(seed: string): Promise<Signer> {
  const { credentials } = createDevice(seed)
  const place = { rpId: 'localhost', origins: [origin], credentials }
  const { credential } = await createCredential({ ...place, rpName: 'Rekey', userName: 'Signer' })
  return {
    bytes: concat([need('WebAuthnVerifier'), credentialCommitment(toCredential(credential))]),
    sign: async (hash) => {
      const { assertion } = await getAssertion({ ...place, challenge: hash, allowCredentials: [credential.id] })
      return encodeAssertion({ credential, assertion })
    },
  }
}

/** Another account as signer: its code, asked by ERC-1271, would have to read its own storage. */
async function contractSigner(): Promise<Signer> {
  const config = configFor(stack, createDevice('contract signer'))
  const account = await createPasskeyAccount(config, { name: 'Signer' })
  await fund(stack, account)
  expect((await sendCalls(account, { chainId: chainA, calls })).success).toBe(true)
  const eoa = privateKeyToAccount(generatePrivateKey())
  return { bytes: account.address, sign: (hash) => eoa.sign({ hash }) }
}

/** An account that has SignerValidator with these signers, at the indexes 1, 2, … */
async function accountWith(seed: string, signers: readonly Signer[]): Promise<PasskeyAccount> {
  const account = await createPasskeyAccount(configFor(stack, createDevice(seed)), { name: 'Owner' })
  await fund(stack, account)
  const list = encodeAbiParameters([{ type: 'bytes[]' }], [signers.map(({ bytes }) => bytes)])
  const install = encodeFunctionData({
    abi: rekeyAccountAbi,
    functionName: 'installModule',
    args: [1n, need('SignerValidator'), list],
  })
  const { success } = await sendCalls(account, { chainId: chainA, calls: [{ to: account.address, data: install }] })
  expect(success).toBe(true)
  return account
}

async function signedOp({ address }: PasskeyAccount, index: number, signer: Signer): Promise<UserOp> {
  const key = encodeNonceKey({ validator: need('SignerValidator'), lane: 0 })
  const nonce = await client().readContract({
    address: entryPoint08Address,
    abi: entryPoint08Abi,
    functionName: 'getNonce',
    args: [address, key],
  })
  const op: UserOp = {
    sender: address,
    nonce,
    callData: encodeFunctionData({ abi: rekeyAccountAbi, functionName: 'accountId' }),
    callGasLimit: 100_000n,
    verificationGasLimit: 300_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 10n ** 9n,
    signature: '0x',
  }
  const hash = getUserOperationHash({
    chainId: chainA,
    entryPointAddress: entryPoint08Address,
    entryPointVersion: '0.8',
    userOperation: op,
  })
  const head = concat([numberToHex(index, { size: 1 }), numberToHex(size(signer.bytes), { size: 2 }), signer.bytes])
  return { ...op, signature: concat([head, await signer.sign(hash)]) }
}

describe('userOps of SignerValidator', () => {
  test('[217] [219] those of an EOA and of a passkey that is no passkey of the account are clean', async () => {
    const signers = [eoaSigner(), await passkeySigner('signer')]
    const account = await accountWith('with signers', signers)
    for (const [at, signer] of signers.entries()) {
      const userOp = await signedOp(account, at + 1, signer)
      expect(await checkUserOp({ client: client(), userOp })).toMatchObject({ ok: true, violations: [] })
    }
  })

  test('[217] those of a contract are refused, and it is not asked', async () => {
    const signer = await contractSigner()
    const account = await accountWith('with a contract', [signer])
    const { revert, violations } = await checkUserOp({
      client: client(),
      userOp: await signedOp(account, 1, signer),
    })
    expect(revert?.reason).toBe('AA24 signature error')
    expect(violations).toEqual([])
    const [, hashes] = await client().readContract({
      address: need('SignerValidator'),
      abi: signerValidatorAbi,
      functionName: 'getSigners',
      args: [account.address],
    })
    expect(hashes).toEqual([keccak256(signer.bytes)])
  })

  test('[217] [219] a refusal is as clean as an acceptance', async () => {
    const signers = [eoaSigner(), await passkeySigner('refused')]
    const account = await accountWith('refusing', signers)
    for (const [at, { bytes, sign }] of signers.entries()) {
      const userOp = await signedOp(account, at + 1, { bytes, sign: (hash) => sign(keccak256(hash)) })
      const { revert, violations } = await checkUserOp({ client: client(), userOp })
      expect(revert?.reason).toBe('AA24 signature error')
      expect(violations).toEqual([])
    }
  })
})
