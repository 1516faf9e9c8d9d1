import { AbortedError } from '../errors/chain.ts'

/**
 * Asks again and again until there is an answer.
 *
 * @returns The answer, or `undefined` when there was none within `seconds`.
 * @throws {AbortedError} when the signal ended it.
 */
export async function poll<value>(
  ask: () => Promise<value | undefined>,
  options: { seconds: number; intervalMs: number; signal?: AbortSignal | undefined },
): Promise<value | undefined> {
  const end = performance.now() + options.seconds * 1_000
  for (;;) {
    throwIfAborted(options.signal)
    const answer = await untilAborted(ask(), options.signal)
    if (answer !== undefined) return answer
    if (performance.now() >= end) return undefined
    await pause(options.intervalMs, options.signal)
  }
}

/** Waits; ends early when the signal fires. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })
}

/** @throws {AbortedError} when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError(signal.reason)
}

/**
 * Ends the wait for a promise when the signal fires. The work behind the promise goes on: it has to look at the signal
 * itself before it sends anything.
 *
 * @throws {AbortedError} when the signal fires first.
 */
export function untilAborted<value>(promise: Promise<value>, signal: AbortSignal | undefined): Promise<value> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AbortedError(signal.reason))
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  })
}
