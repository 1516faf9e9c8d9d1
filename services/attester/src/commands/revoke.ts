import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { issuerKeyId, revocationTypedData } from '@rekey/sdk/oidc'
import { type Address, encodeFunctionData, type Hex, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { CommandError } from '../errors.ts'
import type { SignerSettings } from '../settings.ts'
import { deliverTo, viewChains } from './chains.ts'

export type RevokeParameters = {
  readonly issuer: string
  readonly kid: string
  /** What other attesters printed. */
  readonly signatures: readonly string[]
  /** Without it the command says what would happen, and does nothing. */
  readonly isConfirmed: boolean
  readonly say: (line: string) => void
}

/**
 * Takes the trust from a key for ever. Alone it prints this attester's signature; with enough of the others' it
 * delivers them to every chain.
 *
 * @returns Whether it is revoked on all chains.
 * @throws {CommandError} when a signature is no other attester's for this key.
 */
export async function revoke(
  settings: SignerSettings,
  { issuer, kid, signatures, isConfirmed, say }: RevokeParameters,
): Promise<boolean> {
  const keyId = issuerKeyId(issuer, kid)
  const views = await viewChains(settings, keyId)
  const known = views.find((view) => 'terms' in view)
  if (known === undefined) throw new CommandError('No chain answers.', 'Look at the nodes in ATTESTER_CHAINS.')
  const { attesters, quorum } = known.terms
  const typedData = revocationTypedData(settings.ATTESTER_REGISTRY, keyId)
  const signer = privateKeyToAccount(settings.ATTESTER_KEY)
  const signed = new Map<Address, Hex>()
  for (const signature of signatures) signed.set(...(await readSignature(signature)))
  const missing = quorum - new Set([...signed.keys(), signer.address]).size

  say(`Revoking key ${kid} of ${issuer}: ${keyId}`)
  say(
    'No sign-in with it will ever count again, and recoveries that rest on it lose that vote. Nobody can take it back.',
  )
  say(`It takes ${quorum} attesters. ${missing > 0 ? `${missing} more after this one.` : 'They are here.'}`)
  for (const view of views) if ('problem' in view) say(`Chain ${view.chain.chainId}: ${view.problem}`)
  if (!isConfirmed) {
    say('Nothing was signed or sent. Give --yes to do it.')
    return false
  }
  signed.set(signer.address, await signer.signTypedData(typedData))
  if (missing > 0) {
    say(`Give this to another attester, for --signature: ${signed.get(signer.address)}`)
    return false
  }
  const ascending = [...signed].toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  const data = encodeFunctionData({
    abi: oidcKeyRegistryAbi,
    functionName: 'revoke',
    args: [keyId, ascending.slice(0, quorum).map(([, signature]) => signature)],
  })
  const outcomes = await Promise.all(
    views.map((view) =>
      'state' in view && view.state.revoked
        ? { isDone: true, text: `Chain ${view.chain.chainId}: it is revoked already.` }
        : deliverTo(view.chain, data),
    ),
  )
  for (const { text } of outcomes) say(text)
  return outcomes.every(({ isDone }) => isDone)

  async function readSignature(text: string): Promise<readonly [Address, Hex]> {
    const attester = await recoverTypedDataAddress({ ...typedData, signature: text as Hex }).catch(() => undefined)
    if (attester === undefined || !attesters.includes(attester))
      throw new CommandError(
        'A signature is not one of an attester for this key.',
        'Have it made with the same issuer, kid and registry.',
      )
    return [attester, text as Hex]
  }
}
