import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { issuerKeyId, suspensionTypedData } from '@rekey/sdk/oidc'
import { encodeFunctionData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { isSuspended } from '../chain/registry.ts'
import type { SignerSettings } from '../settings.ts'
import { type ChainView, type CommandLine, dateOf, deliverTo, viewChains } from './chains.ts'

const WEEK = 7 * 86_400

export type SuspendParameters = {
  readonly issuer: string
  readonly kid: string
  /** Without it the command says what would happen, and does nothing. */
  readonly isConfirmed: boolean
  readonly say: (line: string) => void
  /** Seconds since 1970. */
  readonly now: () => number
}

/**
 * Takes the trust from a key for a week, on every chain, on this attester's word. Chains where the key is out of use
 * already are left, so it can be run again for those that did not answer.
 *
 * @returns Whether it is suspended on all chains.
 */
export async function suspend(
  settings: SignerSettings,
  { issuer, kid, isConfirmed, say, now }: SuspendParameters,
): Promise<boolean> {
  const keyId = issuerKeyId(issuer, kid)
  const views = await viewChains(settings, keyId)
  say(`Suspending key ${kid} of ${issuer}: ${keyId}`)
  say('For seven days sign-ins with it do not count, and recoveries that rest on it wait or drop that vote.')
  say('Each attester can do this once in 30 days, for one key. Nobody can take it back.')
  const lines = views.map((view) => describe(view))
  for (const { text } of lines) say(text)
  if (!isConfirmed) {
    say('Nothing was signed or sent. Give --yes to do it.')
    return false
  }
  const open = views.filter((_, at) => lines[at]?.isDone === false)
  if (open.length === 0) return true
  const signer = privateKeyToAccount(settings.ATTESTER_KEY)
  const issuedAt = now()
  const signature = await signer.signTypedData(suspensionTypedData(settings.ATTESTER_REGISTRY, { keyId, issuedAt }))
  const data = encodeFunctionData({
    abi: oidcKeyRegistryAbi,
    functionName: 'suspend',
    args: [keyId, issuedAt, signature],
  })
  // A chain that did not answer just now may do so by now.
  const outcomes = await Promise.all(open.map(({ chain }) => deliverTo(chain, data)))
  for (const { text } of outcomes) say(text)
  return outcomes.every(({ isDone }) => isDone)
}

function describe(view: ChainView): CommandLine {
  const name = `Chain ${view.chain.chainId}`
  if ('problem' in view) return { isDone: false, text: `${name}: ${view.problem}` }
  const { state, time } = view
  if (state.revoked) return { isDone: true, text: `${name}: it is revoked for ever; there is nothing to suspend.` }
  if (isSuspended(state, time))
    return { isDone: true, text: `${name}: it is suspended already, until ${dateOf(state.suspendedUntil)}.` }
  const use = state.lastSeen === 0 ? 'it is not known there yet' : 'it is in use'
  return { isDone: false, text: `${name}: ${use}; will be suspended until about ${dateOf(time + WEEK)}.` }
}
