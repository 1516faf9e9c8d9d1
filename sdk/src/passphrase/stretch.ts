import { throwIfAborted } from '../config/abort.ts'
import { AbortedError } from '../errors/chain.ts'
import { PassphraseMemoryError } from '../errors/passphrase.ts'
import type { StretchJob } from './stretchMessages.ts'
import { startWorker, type WorkerPort } from './worker.ts'

/** How a derivation is watched. */
export type StretchOptions = {
  /** Ends the derivation. */
  signal?: AbortSignal | undefined
  /** Told how much is done, 0 to 1: by an estimate, where the engine does not tell. */
  onProgress?: ((done: number) => void) | undefined
  /** Starts the worker of this package, where a bundler needs help. Default: from its own file. */
  createWorker?: (() => WorkerPort | undefined) | undefined
}

/** A worker that has not answered by then is given up, and the work is done here. */
const patienceMs = 10_000
const tickMs = 100

/**
 * Derives 32 bytes by Argon2id, in a worker if there is one, else here, in slices that leave the page usable. The secret
 * is overwritten.
 *
 * @throws {AbortedError} when the signal fired.
 * @throws {PassphraseMemoryError} when there is too little memory.
 */
export async function stretch(job: StretchJob, options: StretchOptions = {}): Promise<Uint8Array> {
  const { signal, onProgress, createWorker = startWorker } = options
  try {
    throwIfAborted(signal)
    const worker = createWorker()
    const key = worker && (await stretchIn(worker, job, options))
    const result = key ?? (await stretchHere(job, options))
    onProgress?.(1)
    return result
  } finally {
    // A buffer that went to the worker is no longer here.
    if (job.secret.length > 0) job.secret.fill(0)
  }
}

/** Returns `undefined` when the worker does not even start. */
function stretchIn(worker: WorkerPort, job: StretchJob, { signal, onProgress }: StretchOptions) {
  return new Promise<Uint8Array | undefined>((resolve, reject) => {
    let timer: ReturnType<typeof setInterval> | undefined
    const finish = (settle: () => void): void => {
      clearInterval(timer)
      clearTimeout(patience)
      signal?.removeEventListener('abort', abort)
      worker.terminate()
      settle()
    }
    const abort = (): void => finish(() => reject(new AbortedError(signal?.reason)))
    const patience = setTimeout(() => finish(() => resolve(undefined)), patienceMs)
    signal?.addEventListener('abort', abort)
    worker.onMessage((answer) => {
      switch (answer.type) {
        case 'ready':
          clearTimeout(patience)
          return worker.post(job)
        case 'expected': {
          const start = performance.now()
          timer = setInterval(() => onProgress?.(estimate(performance.now() - start, answer.milliseconds)), tickMs)
          return
        }
        case 'progress':
          return onProgress?.(answer.done)
        case 'done':
          return finish(() => resolve(answer.key))
        case 'failed':
          return finish(() =>
            answer.isMemory ? reject(new PassphraseMemoryError(job.memoryKiB)) : reject(new Error('Argon2id failed.')),
          )
      }
    })
    worker.onError(() => finish(() => resolve(undefined)))
  })
}

/** Approaches 1 and does not reach it before the work is done. */
function estimate(elapsed: number, expected: number): number {
  return Math.min(0.99, elapsed / expected)
}

async function stretchHere({ secret, salt, memoryKiB, iterations }: StretchJob, options: StretchOptions) {
  const { argon2idAsync } = await import('@noble/hashes/argon2.js')
  const { signal, onProgress } = options
  try {
    return await argon2idAsync(secret, salt, {
      m: memoryKiB,
      t: iterations,
      p: 1,
      dkLen: 32,
      asyncTick: 16,
      onProgress(done) {
        throwIfAborted(signal)
        onProgress?.(done)
      },
    })
  } catch (error) {
    if (error instanceof RangeError) throw new PassphraseMemoryError(memoryKiB, error)
    throw error
  }
}
