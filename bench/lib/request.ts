import { type Approval, encodeApprovals, passkeyTypedData, type Recovery, recoveryTypedData } from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import { toCredential } from '@rekey/sdk/webauthn'
import { encodeFunctionData, type Hex, hashTypedData, keccak256 } from 'viem'
import { createPasskey, type User } from './user.ts'
import type { World } from './world.ts'

const DAY = 86_400

type Wanted = {
  readonly user: User
  readonly policy: Hex
  /** Names the new passkey. */
  readonly seed: string
  /** Default: now. */
  readonly issuedAt?: number
  readonly approve: (digest: Hex) => Promise<readonly Approval[]>
}

/** A recovery that guardians have approved, ready to be started. */
export async function requestRecovery(world: World, { user, policy, seed, issuedAt, approve }: Wanted) {
  const { guardianRecovery, passkeyValidator } = world.contracts
  const passkey = await createPasskey(seed)
  const start = issuedAt ?? (await world.now())
  const recovery: Recovery = {
    account: user.address,
    policy: keccak256(policy),
    credential: toCredential(passkey.credential),
    keep: 0,
    chainIds: [],
    issuedAt: start,
    deadline: start + DAY,
  }
  const digest = hashTypedData(recoveryTypedData(guardianRecovery, 'Recovery', recovery))
  const approvals = encodeApprovals(await approve(digest))
  const possession = await passkey.sign(
    hashTypedData(passkeyTypedData(passkeyValidator, 'Possession', { recovery: digest })),
  )
  const args = [recovery, policy, approvals, possession] as const
  return {
    recovery,
    digest,
    possession,
    startData: encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'start', args }),
  }
}
