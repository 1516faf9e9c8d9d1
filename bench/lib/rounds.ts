import type { RekeyConfig, Relay } from '@rekey/sdk'
import { type EIP1193RequestFn, http } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { configFor, type Device, stackChain, stackRelay } from '../../scripts/stack/client.ts'
import type { Stack } from '../../scripts/stack/startStack.ts'

/** What a piece of work asked of the network. */
export type Traffic = {
  /** Most requests that any one chain got, those to its relay included. */
  readonly requestsPerChain: number
  /** Requests that had to wait for one another, in the longest line. */
  readonly rounds: number
  /** Most transactions, and with them blocks, that any one chain needed. */
  readonly transactionsPerChain: number
}

type Waiting = { readonly chainId: number; readonly answer: () => Promise<void> }

/**
 * A network in which time passes in rounds: whatever is asked while nothing is under way is answered together. So the
 * number of rounds is the depth of the work, whatever the machine is busy with.
 */
export function createRounds() {
  let waiting: Waiting[] = []
  let isRunning = false
  let rounds = 0
  const requests = new Map<number, number>()
  const transactions = new Map<number, number>()

  async function run(): Promise<void> {
    isRunning = true
    await settle()
    while (waiting.length > 0) {
      const round = waiting
      waiting = []
      rounds += 1
      for (const { chainId } of round) count(requests, chainId)
      await Promise.all(round.map(({ answer }) => answer()))
      await settle()
    }
    isRunning = false
  }

  function ask<value>(chainId: number, work: () => Promise<value>): Promise<value> {
    return new Promise((resolve, reject) => {
      // What is asked as soon as this is answered belongs to the next round.
      waiting.push({ chainId, answer: () => work().then(resolve, reject) })
      if (!isRunning) void run()
    })
  }

  return {
    /** What a page on this device would configure, for these chains, on this network. */
    configure(stack: Stack, device: Device, chainIds: readonly number[]): RekeyConfig {
      const chains = stack.chains.filter(({ chainId }) => chainIds.includes(chainId))
      const sender = stackRelay(stack)
      const direct = configFor(stack, device)
      const relay: Relay = {
        send: (request) =>
          ask(request.chainId, async () => {
            count(transactions, request.chainId)
            const hash = await sender.send(request)
            // Mined when it is answered: a page would ask for the receipt until it is there.
            const client = direct.chains.find(({ id }) => id === request.chainId)?.client
            if (client) await waitForTransactionReceipt(client, { hash })
            return hash
          }),
      }
      return configFor(stack, device, {
        relay,
        chains: chains.map(({ chainId, rpcUrl }) => ({
          chain: stackChain(chainId, rpcUrl),
          rpc: (parameters) => {
            const transport = http(rpcUrl, { retryCount: 0 })(parameters)
            const request: EIP1193RequestFn = (call, options) =>
              ask(chainId, () => transport.request(call as never, options)) as never
            return { ...transport, request }
          },
        })),
      })
    },
    /** Does the work and returns what it asked. */
    async measure(work: () => Promise<unknown>): Promise<Traffic> {
      requests.clear()
      transactions.clear()
      rounds = 0
      await work()
      return {
        requestsPerChain: Math.max(...requests.values()),
        rounds,
        transactionsPerChain: Math.max(...transactions.values()),
      }
    },
  }
}

function count(counts: Map<number, number>, chainId: number): void {
  counts.set(chainId, (counts.get(chainId) ?? 0) + 1)
}

/** Lets everything run that does not wait for the network. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
