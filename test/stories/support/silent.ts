import type { RekeyConfig } from '@rekey/sdk'
import { createDevice, type Device } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { type Between, configBetween } from '../../integration/support/rpcBetween.ts'

/** A node that tells no events, however few blocks are asked for. */
export const tellsNoEvents: Between = async ({ method }, pass) => {
  if (method !== 'eth_getLogs') return pass()
  throw Object.assign(new Error('eth_getLogs is disabled'), { code: -32601 })
}

/** A new device whose nodes do as `between` says; by default they tell no events. */
export function silentDevice(
  stack: Stack,
  seed: string,
  between: Between = tellsNoEvents,
): { device: Device; config: RekeyConfig } {
  const device = createDevice(seed)
  return { device, config: configBetween(stack, device, between) }
}
