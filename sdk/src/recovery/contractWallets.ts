import { type Address, getAddress, type Hex, isAddressEqual, recoverAddress, size } from 'viem'
import { getCode } from 'viem/actions'
import type { ConfiguredChain } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { signerOf } from './hiddenGuardians.ts'

/** Votes that can count on a chain, and those of contract wallets that are not there. */
export type PresentVotes = {
  readonly present: readonly Approval[]
  readonly absent: readonly Address[]
}

/**
 * Finds the votes that a chain cannot count yet: what a contract wallet signs is for the wallet to judge, and it is on no
 * chain before it is deployed there. Only such votes cost a request.
 *
 * @see SPEC §7, Approvals blob
 */
export async function findPresentVotes(
  { client }: ConfiguredChain,
  { policy, digest }: { policy: Policy; digest: Hex },
  votes: readonly Approval[],
): Promise<PresentVotes> {
  const absences = await Promise.all(
    votes.map(async (vote) => {
      const { signer } = signerOf(policy, vote)
      if (size(signer) !== 20 || (await isSignedBy(signer, digest, vote.signature))) return []
      const wallet = getAddress(signer)
      return (await getCode(client, { address: wallet })) ? [] : [wallet]
    }),
  )
  return { present: votes.filter((_, place) => absences[place]?.length === 0), absent: absences.flat() }
}

/** Tells whether the key of an address made an ECDSA signature. */
export async function isSignedBy(address: Address, hash: Hex, signature: Hex): Promise<boolean> {
  try {
    return size(signature) === 65 && isAddressEqual(await recoverAddress({ hash, signature }), address)
  } catch {
    // No key fits this signature.
    return false
  }
}
