import { decodeContractError } from '@rekey/sdk/errors'
import { type Abi, type Address, encodeErrorResult, type Hex, keccak256, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { contracts } from '../../scripts/gen/contracts.ts'
import { createOwner, type Owner } from './support/owner.ts'
import { decodeRevert } from './support/revert.ts'
import { startChains } from './support/world.ts'

type AbiError = Extract<Abi[number], { type: 'error' }>

const errors = new Map<string, AbiError>(
  contracts.flatMap(({ name }) =>
    readArtifact(name).abi.flatMap((item) => (item.type === 'error' ? [[item.name, item] as const] : [])),
  ),
)

/** A value of each type that errors carry. */
const values: Readonly<Record<string, unknown>> = {
  address: '0x00000000000000000000000000000000000aCC01',
  bool: true,
  bytes: '0x1234',
  string: 'text',
  uint8: 255,
  uint40: 2 ** 40 - 1,
  uint48: 2 ** 48 - 1,
  uint72: 2n ** 72n - 1n,
  uint160: 2n ** 160n - 1n,
  uint256: 2n ** 256n - 1n,
  bytes1: '0xff',
  bytes4: '0x12345678',
  bytes24: `0x${'ab'.repeat(24)}`,
  bytes32: keccak256('0x01'),
}

describe('every custom error of the compiled contracts', () => {
  test.each([...errors])('%s decodes to the error of the same name, with its arguments', (name, error) => {
    const args = error.inputs.map(({ type }) => values[type])
    expect(args).not.toContain(undefined)
    const data = encodeErrorResult({ abi: [error], errorName: name, args })
    const decoded = decodeContractError(data)
    expect(decoded).toMatchObject({ name, args, data })
    expect(decoded?.code).toMatch(/^CONTRACT_[A-Z\d_]+$/)
  })

  test('there are as many as the contracts have', () => {
    expect(errors.size).toBeGreaterThan(40)
  })
})

let chains: Awaited<ReturnType<typeof startChains>>
let owner: Owner
beforeAll(async () => {
  chains = await startChains()
  owner = await createOwner(chains.osaka)
})
afterAll(() => chains?.stop())

type Attempt = {
  target: 'guardianRecovery' | 'passkeyValidator' | 'factory' | 'account'
  args: readonly unknown[]
  from?: Address
}

const attempts: Readonly<Record<string, (owner: Owner) => Attempt & { functionName: string }>> = {
  NoPolicy: ({ recovery }) => ({
    target: 'guardianRecovery',
    functionName: 'start',
    args: [recovery, '0x', '0x', '0x'],
  }),
  NotScheduled: ({ recovery }) => ({ target: 'guardianRecovery', functionName: 'execute', args: [recovery, '0x', []] }),
  BadPolicy: ({ account }) => ({ target: 'guardianRecovery', functionName: 'checkPolicy', args: [account, '0x'] }),
  BadOwnerSignature: ({ account }) => ({
    target: 'guardianRecovery',
    functionName: 'veto',
    args: [account, zeroHash, '0x'],
  }),
  NotYetIssued: ({ account, policy }) => ({
    target: 'guardianRecovery',
    functionName: 'setPolicy',
    args: [account, policy, 2 ** 40 - 1, '0x'],
    from: account,
  }),
  Stale: ({ account, policy }) => ({
    target: 'guardianRecovery',
    functionName: 'setPolicy',
    args: [account, policy, 0, '0x'],
    from: account,
  }),
  NotInitialized: ({ passkey }) => ({
    target: 'passkeyValidator',
    functionName: 'addCredential',
    args: [passkey.asStruct, passkey.credential.id, '0x'],
  }),
  DuplicateCredential: ({ passkey, account }) => ({
    target: 'passkeyValidator',
    functionName: 'addCredential',
    args: [passkey.asStruct, passkey.credential.id, '0x'],
    from: account,
  }),
  InvalidCredential: ({ passkey, account }) => ({
    target: 'passkeyValidator',
    functionName: 'addCredential',
    args: [{ ...passkey.asStruct, y: 1n }, passkey.credential.id, '0x'],
    from: account,
  }),
  UnknownCredential: ({ account }) => ({
    target: 'passkeyValidator',
    functionName: 'prove',
    args: [account, 7, zeroHash, '0x'],
  }),
  NotPossessed: ({ account, passkey }) => ({
    target: 'passkeyValidator',
    functionName: 'prove',
    args: [account, 0, passkey.commitment, '0x'],
  }),
  LastProvenCredential: ({ account, passkey }) => ({
    target: 'passkeyValidator',
    functionName: 'removeCredential',
    args: [0, `0x${passkey.commitment.slice(18)}`],
    from: account,
  }),
  NotAnImplementation: () => ({
    target: 'factory',
    functionName: 'createAccount',
    args: ['0x000000000000000000000000000000000000dead', zeroHash, zeroHash, zeroHash],
  }),
  NotGenesis: ({ passkey }) => ({
    target: 'account',
    functionName: 'setup',
    args: [passkey.asStruct, passkey.credential.id, '0x', keccak256('0x')],
  }),
  Unauthorized: () => ({ target: 'account', functionName: 'execute', args: [zeroHash, '0x'] }),
  UnsupportedMode: ({ account }) => ({
    target: 'account',
    functionName: 'execute',
    args: [`0xff${zeroHash.slice(4)}`, '0x'],
    from: account,
  }),
  CoreModule: ({ account, chain }) => ({
    target: 'account',
    functionName: 'uninstallModule',
    args: [1n, chain.passkeyValidator.address, '0x'],
    from: account,
  }),
}

describe('reverts on a chain', () => {
  test.each(Object.entries(attempts))('%s', async (name, attempt) => {
    const { target, from, functionName, args } = attempt(owner)
    const { chain, account } = owner
    const contract = target === 'account' ? { address: account, abi: chain.implementation.abi } : chain[target]
    const abi: Abi = contract.abi
    const sender: { account?: Hex } = from ? { account: from } : {}
    const call = chain.client.readContract({ address: contract.address, abi, functionName, args, ...sender })
    const seen = await call.then(() => undefined, decodeRevert)
    expect(seen?.name).toBe(name)
  })
})
