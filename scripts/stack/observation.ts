import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { type IssuerKey, issuerKeyHash, oidcAlgorithms } from '@rekey/sdk/oidc'
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { localAccount } from './accounts.ts'

const types = {
  JwksObservation: [
    { name: 'issuer', type: 'string' },
    { name: 'kid', type: 'string' },
    { name: 'algorithm', type: 'uint8' },
    { name: 'keyHash', type: 'bytes32' },
    { name: 'observedAt', type: 'uint40' },
  ],
} as const

/** What an issuer shows, and when. */
export type Shown = {
  readonly issuer: string
  readonly kid: string
  readonly key: IssuerKey
  readonly observedAt: number
}

/** The call by which two of a local stack's attesters tell its registry what they saw; anyone may deliver it. */
export async function observationCall(registry: Address, { issuer, kid, key, observedAt }: Shown): Promise<Hex> {
  const algorithm = oidcAlgorithms[key.algorithm]
  const message = { issuer, kid, algorithm, keyHash: issuerKeyHash(key), observedAt }
  const domain = { name: 'Rekey Keys', version: '1', verifyingContract: registry }
  const attesters = (['attester1', 'attester2'] as const)
    .map(localAccount)
    .toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
  const signatures = await Promise.all(
    attesters.map((attester) => attester.signTypedData({ domain, types, primaryType: 'JwksObservation', message })),
  )
  return encodeFunctionData({
    abi: oidcKeyRegistryAbi,
    functionName: 'observe',
    args: [message, key.key, signatures],
  })
}
