import { accountAddress, encodePolicy, type Policy, policyHash, type Recovery } from '@rekey/sdk'
import { type Address, concat, encodeFunctionData, type Hex, zeroHash } from 'viem'
import { createPasskey, type FixedPasskey } from '../../../scripts/gen/vectors/passkey.ts'
import { addressOf, type TestChain } from './world.ts'

/** An account whose only passkey is owner, guardian and the passkey to recover to, so that it could sign anything. */
export type Owner = {
  readonly chain: TestChain
  readonly passkey: FixedPasskey
  readonly account: Address
  readonly policy: Hex
  readonly recovery: Recovery
}

const anyone: Address = '0x000000000000000000000000000000000000dead'
const day = 86_400

/** Creates the account and sets it up, without the policy. */
export async function createOwner(chain: TestChain): Promise<Owner> {
  const { client, factory, implementation, sendAs } = chain
  const passkey = await createPasskey('owner, guardian and successor')
  const account = accountAddress({
    factory: factory.address,
    implementation: implementation.address,
    credential: passkey.commitment,
    policy: zeroHash,
    handle: zeroHash,
  })
  const args = [implementation.address, passkey.asStruct, passkey.credential.id, '0x', zeroHash] as const
  await sendAs(anyone, factory.address, encodeFunctionData({ abi: factory.abi, functionName: 'createAndSetup', args }))

  const policy = encodePolicy(ownPolicy(concat([addressOf(chain, 'WebAuthnVerifier'), passkey.commitment])))
  const issuedAt = Number((await client.getBlock()).timestamp)
  const recovery = {
    account,
    policy: policyHash(policy),
    credential: passkey.asStruct,
    keep: 0,
    chainIds: [],
    issuedAt,
    deadline: issuedAt + day,
  }
  return { chain, passkey, account, policy, recovery }
}

/** Gives the account its policy, by its own call. */
export async function setPolicy({ chain, account, policy, recovery }: Owner): Promise<void> {
  const { address, abi } = chain.guardianRecovery
  const args = [account, policy, recovery.issuedAt - 1, '0x'] as const
  await chain.sendAs(account, address, encodeFunctionData({ abi, functionName: 'setPolicy', args }))
}

function ownPolicy(signer: Hex): Policy {
  return {
    salt: zeroHash,
    allowsInstantSingle: false,
    windowHours: 48,
    freezeHours: 1,
    tiers: [{ weight: 1, kinds: 1, delay: day, isVetoable: true }],
    guardians: [{ kind: 2, weight: 1, signer, isHidden: false, needsEvidence: false, validUntil: 0 }],
  }
}
