import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { findContractError, isRekeyError } from '@rekey/sdk/errors'
import { issuerKeyId } from '@rekey/sdk/oidc'
import type { Log } from '@rekey/service-kit'
import { type Address, encodeFunctionData } from 'viem'
import type { Quorum } from '../exchange/observations.ts'
import type { Alarms } from '../store/alarms.ts'
import { keyName } from '../watch/watchIssuer.ts'
import type { ChainRegistry, KeyState } from './registry.ts'

export type Submitting = {
  readonly alarms: Alarms
  readonly log: Log
  /** Seconds between the last observation on chain and one that is worth paying for. */
  readonly refresh: number
}

/** A chain, and whether this attester may tell it something now. */
export type Turn = { readonly chain: ChainRegistry; readonly isOn: () => boolean }

/**
 * Whether it is this attester's turn to deliver. At any time it is one attester's at most: each has an interval, and of
 * it the first half, so that what it sent is in a block before the next one looks. Nothing is paid for twice.
 */
export function isTurnOf(self: Address, attesters: readonly Address[], now: number, interval: number): boolean {
  const isFirstHalf = now % interval < interval / 2
  return isFirstHalf && attesters[Math.floor(now / interval) % attesters.length] === self
}

/** Tells a chain what it does not know yet. What goes wrong is an alarm; the next round tries again. */
export async function submitAll(
  { alarms, log, refresh }: Submitting,
  { chain, isOn }: Turn,
  quorums: readonly Quorum[],
): Promise<void> {
  for (const { observation, key, signatures } of quorums) {
    if (!isOn()) return
    const { issuer, kid } = observation
    const subject = `chain ${chain.chainId}: ${keyName(issuer, kid)}`
    const state = await chain.keyState(issuerKeyId(issuer, kid))
    if (!isWorthTelling(state, observation, refresh)) continue
    const data = encodeFunctionData({
      abi: oidcKeyRegistryAbi,
      functionName: 'observe',
      args: [observation, key, signatures],
    })
    try {
      const hash = await chain.send(data)
      await alarms.end(['REGISTRY_REFUSES'], subject)
      log.info('observation delivered', { chainId: chain.chainId, issuer, kid, transaction: hash })
    } catch (error) {
      const refusal = findContractError(error)
      if (refusal === undefined) throw error
      // Somebody else was faster.
      if (isRekeyError(refusal, 'CONTRACT_OUT_OF_TIME')) continue
      await alarms.raise('REGISTRY_REFUSES', subject, `${refusal.name}: ${refusal.shortMessage}`)
    }
  }
}

function isWorthTelling(state: KeyState, { observedAt }: Quorum['observation'], refresh: number): boolean {
  if (state.revoked) return false
  return state.lastSeen === 0 || observedAt - state.lastSeen >= refresh
}
