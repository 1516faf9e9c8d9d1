import { createTestClient, http, publicActions } from 'viem'

/** The one clock of a stack, in seconds since 1970. Chains follow it; so must everything else that asks for the time. */
export type Clock = {
  /** The time now: the machine's clock plus every jump so far. */
  readonly now: () => number
  /** Moves every chain to the same later time and mines a block there. Also reaches chains that are stopped. */
  readonly increase: (seconds: number) => Promise<number>
  /** Joins something else to the clock: it is called at each jump, which waits for it. Returns how to leave. */
  readonly join: (follower: Follower) => () => void
}

/** @param offset How many seconds the clock is now ahead of the machine's. */
export type Follower = (offset: number) => void | Promise<void>

/** @param rpcUrls The nodes themselves, which answer whether or not a story has taken their chain down. */
export function createClock(rpcUrls: readonly string[]): Clock {
  const nodes = rpcUrls.map((url) =>
    createTestClient({ mode: 'anvil', transport: http(url), cacheTime: 0 }).extend(publicActions),
  )
  const followers = new Set<Follower>()
  let offset = 0
  let jump: Promise<unknown> = Promise.resolve()
  const machine = (): number => Math.floor(Date.now() / 1000)

  async function move(seconds: number): Promise<number> {
    const blocks = await Promise.all(nodes.map((node) => node.getBlock()))
    const target = Math.max(machine() + offset, ...blocks.map(({ timestamp }) => Number(timestamp))) + seconds
    await Promise.all(
      nodes.map(async (node) => {
        await node.setNextBlockTimestamp({ timestamp: BigInt(target) })
        await node.mine({ blocks: 1 })
      }),
    )
    offset = target - machine()
    await Promise.all([...followers].map((follow) => follow(offset)))
    return target
  }

  return {
    now: () => machine() + offset,
    increase: (seconds) => {
      if (!Number.isSafeInteger(seconds) || seconds < 1)
        throw new RangeError(`Time moves forward by whole seconds, not by ${seconds}.`)
      const moved = jump.then(() => move(seconds))
      jump = moved.catch(() => {})
      return moved
    },
    join: (follower) => {
      followers.add(follower)
      return () => followers.delete(follower)
    },
  }
}
