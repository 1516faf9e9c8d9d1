import type { RekeyConfig, Relay } from '@rekey/sdk'
import { createPublicClient, type Hash, http } from 'viem'
import { type Device, stackRelay } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { configBetween } from './rpcBetween.ts'

/** Counts the transactions that somebody pays for, and waits until each is mined, so that nothing is on its way. */
export function countingRelay(stack: Stack): Relay & { sentOn(chainId: number): number } {
  const sender = stackRelay(stack)
  const sent: number[] = []
  return {
    sentOn: (chainId) => sent.filter((id) => id === chainId).length,
    async send(request) {
      const hash: Hash = await sender.send(request)
      sent.push(request.chainId)
      const rpcUrl = stack.chains.find(({ chainId }) => chainId === request.chainId)?.rpcUrl
      await createPublicClient({ transport: http(rpcUrl), pollingInterval: 20 }).waitForTransactionReceipt({ hash })
      return hash
    },
  }
}

/** A device whose connection to one chain dies for good at a step: the node or relay has done its work, the answer is lost. */
export function breakingLine(
  stack: Stack,
  device: Pick<Device, 'credentials'>,
  { chainId, step, relay }: { chainId: number; step: number; relay: Relay },
): { readonly config: RekeyConfig; readonly steps: () => number } {
  let steps = 0
  const run = async <value>(id: number, work: () => Promise<value>): Promise<value> => {
    if (id !== chainId) return work()
    steps += 1
    if (steps > step) throw new Error('The line is dead.')
    const answer = await work()
    if (steps >= step) throw new Error('The line is dead.')
    return answer
  }
  const breaking: Relay = { send: (request) => run(request.chainId, () => relay.send(request)) }
  const config = configBetween(stack, device, (call, pass) => run(call.chainId, pass))
  return {
    config: { ...config, chains: config.chains.map((chain) => ({ ...chain, relay: breaking })) },
    steps: () => steps,
  }
}
