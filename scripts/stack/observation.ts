import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { type IssuerKey, observationTypedData, toObservation } from '@rekey/sdk/oidc'
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { localAccount } from './accounts.ts'

/** What an issuer shows, and when. */
export type Shown = {
  readonly issuer: string
  readonly kid: string
  readonly key: IssuerKey
  readonly observedAt: number
}

/** The call by which two of a local stack's attesters tell its registry what they saw; anyone may deliver it. */
export async function observationCall(registry: Address, { issuer, kid, key, observedAt }: Shown): Promise<Hex> {
  const observation = toObservation(issuer, kid, key, observedAt)
  const attesters = (['attester1', 'attester2'] as const)
    .map(localAccount)
    .toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
  const signatures = await Promise.all(
    attesters.map((attester) => attester.signTypedData(observationTypedData(registry, observation))),
  )
  return encodeFunctionData({
    abi: oidcKeyRegistryAbi,
    functionName: 'observe',
    args: [observation, key.key, signatures],
  })
}
