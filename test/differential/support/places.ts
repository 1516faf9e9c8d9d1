import { changeKinds, encodeApprovals, frameOwnerSignature } from '@rekey/sdk'
import type { ContractErrorName } from '@rekey/sdk/errors'
import { type Abi, type Address, concat, type Hex, zeroAddress, zeroHash } from 'viem'
import { ENTRY_POINT } from '../../../scripts/deploy/constants.ts'
import { announcedUpgrade, type Signed } from './digestKinds.ts'
import type { Owner } from './owner.ts'
import { decodeRevert } from './revert.ts'

/** Asks the place that waits for one kind of digest whether it takes this signature. */
export type Place = (owner: Owner, signed: Signed) => Promise<boolean>

type Attempt = { from?: Address; to: Address; abi: Abi; functionName: string; args: readonly unknown[] }

const stranger: Address = '0x000000000000000000000000000000000057a9e4'

function call({ chain }: Owner, { from = stranger, to, ...attempt }: Attempt): Promise<unknown> {
  return chain.client.readContract({ account: from, address: to, ...attempt })
}

/** True without a revert; false with this one. Any other is a mistake of the test. */
async function succeeds(owner: Owner, refusal: ContractErrorName, attempt: Attempt): Promise<boolean> {
  try {
    await call(owner, attempt)
    return true
  } catch (error) {
    if (decodeRevert(error).name === refusal) return false
    throw error
  }
}

async function validates(owner: Owner, signature: Hex, userOpHash: Hex): Promise<boolean> {
  const { account, chain } = owner
  const packed = { accountGasLimits: zeroHash, preVerificationGas: 0n, gasFees: zeroHash, paymasterAndData: '0x' }
  const userOp = { sender: account, nonce: 0n, initCode: '0x', callData: '0x', ...packed, signature }
  const attempt = { to: account, abi: chain.implementation.abi, functionName: 'validateUserOp' }
  return (await call(owner, { ...attempt, from: ENTRY_POINT, args: [userOp, userOpHash, 0n] })) === 0n
}

async function isValidSignature(owner: Owner, hash: Hex, inner: Hex): Promise<boolean> {
  const { account, chain } = owner
  const attempt = { to: account, abi: chain.implementation.abi, functionName: 'isValidSignature' }
  return (await call(owner, { ...attempt, args: [hash, concat([zeroAddress, inner])] })) === '0x1626ba7e'
}

/** Every place where a digest is waited for, by the kind it waits for. */
export const places = {
  userOp: (owner, { stored, wanted }) => validates(owner, stored(), wanted.userOp),
  MultiChain: (owner, { stored, wanted }) => validates(owner, stored(wanted.proof), wanted.userOp),
  personal: (owner, { stored, wanted }) => isValidSignature(owner, wanted.personalHash, stored()),
  typed: (owner, { stored, wanted }) => isValidSignature(owner, wanted.typedHash, wanted.wrap(stored())),
  Recovery: async (owner, { stateless, wanted }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const approvals = encodeApprovals([{ index: 0, signature: stateless }])
    const args = [owner.recovery, owner.policy, approvals, wanted.possession]
    return succeeds(owner, 'NoTier', { to, abi, functionName: 'start', args })
  },
  Possession: (owner, { stateless, wanted }) => {
    const { address: to, abi } = owner.chain.passkeyValidator
    const args = [owner.passkey.asStruct, false, wanted.recovery, stateless]
    return succeeds(owner, 'NotPossessed', { from: owner.account, to, abi, functionName: 'recover', args })
  },
  Prove: (owner, { stateless }) => {
    const { address: to, abi } = owner.chain.passkeyValidator
    const args = [owner.account, 0, owner.passkey.commitment, stateless]
    return succeeds(owner, 'NotPossessed', { to, abi, functionName: 'prove', args })
  },
  Veto: (owner, { stored, wanted }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const args = [owner.account, wanted.recovery, frameOwnerSignature('passkey', stored())]
    return succeeds(owner, 'BadOwnerSignature', { to, abi, functionName: 'veto', args })
  },
  /** Asked before the account has its policy. */
  SetPolicy: (owner, { stored }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const { recovery, policy, account } = owner
    const args = [account, policy, recovery.issuedAt, frameOwnerSignature('passkey', stored())]
    return succeeds(owner, 'BadOwnerSignature', { to, abi, functionName: 'setPolicy', args })
  },
  Uninstall: (owner, { stored }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const { account, recovery } = owner
    const signature = frameOwnerSignature('passkey', stored())
    const args = [account, changeKinds.uninstall, zeroAddress, recovery.issuedAt, signature]
    return succeeds(owner, 'BadOwnerSignature', { to, abi, functionName: 'announce', args })
  },
  Upgrade: (owner, { stored }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const { account, chain, recovery } = owner
    const signature = frameOwnerSignature('passkey', stored())
    const args = [account, changeKinds.upgrade, chain.implementation.address, recovery.issuedAt, signature]
    return succeeds(owner, 'BadOwnerSignature', { to, abi, functionName: 'announce', args })
  },
  CancelChange: (owner, { stored }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const { kind, value, issuedAt } = announcedUpgrade(owner)
    const signature = frameOwnerSignature('passkey', stored())
    const args = [owner.account, changeKinds[kind], BigInt(value), issuedAt, signature]
    return succeeds(owner, 'BadOwnerSignature', { to, abi, functionName: 'cancelChange', args })
  },
  GuardianCancel: (owner, { stateless, wanted }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const args = [owner.account, wanted.recovery, owner.policy, encodeApprovals([{ index: 0, signature: stateless }])]
    return succeeds(owner, 'NoTier', { to, abi, functionName: 'guardianCancel', args })
  },
  Freeze: (owner, { stateless }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const approvals = encodeApprovals([{ index: 0, signature: stateless }])
    const args = [owner.account, owner.policy, 3_600, owner.recovery.issuedAt, approvals]
    return succeeds(owner, 'NoTier', { to, abi, functionName: 'freeze', args })
  },
  Drill: async (owner, { stateless, wanted }) => {
    const { address: to, abi } = owner.chain.guardianRecovery
    const approvals = encodeApprovals([{ index: 0, signature: stateless }])
    const args = [owner.account, owner.policy, wanted.recovery, owner.recovery.deadline, approvals]
    const [votes] = (await call(owner, { to, abi, functionName: 'drill', args })) as [number, number]
    return votes === 1
  },
} satisfies Readonly<Record<string, Place>>

export type PlaceName = keyof typeof places
