import type { StretchAnswer, StretchJob } from './stretchMessages.ts'

/** A worker that derives, of a browser or of Node. */
export type WorkerPort = {
  /** Hands the job over; the secret's bytes are here no longer. */
  post(job: StretchJob): void
  onMessage(handle: (answer: StretchAnswer) => void): void
  onError(handle: () => void): void
  terminate(): void
}

type NodeThreads = {
  readonly Worker: new (
    url: URL,
  ) => {
    postMessage(message: unknown, transfer: readonly ArrayBufferLike[]): void
    on(event: 'message' | 'error', handle: (value: never) => void): void
    terminate(): void
  }
}

/** Starts the worker from its file, or returns `undefined` where there are no workers. */
export function startWorker(): WorkerPort | undefined {
  try {
    return startBrowserWorker() ?? startNodeWorker()
  } catch {
    // The page's rules allow no workers.
    return undefined
  }
}

function startBrowserWorker(): WorkerPort | undefined {
  if (typeof Worker === 'undefined') return undefined
  // Bundlers look for exactly this.
  const worker = new Worker(new URL('./argon2Worker.ts', import.meta.url), { type: 'module' })
  return {
    post: (job) => worker.postMessage(job, [job.secret.buffer as ArrayBuffer]),
    onMessage: (handle) => worker.addEventListener('message', ({ data }) => handle(data)),
    onError: (handle) => worker.addEventListener('error', handle),
    terminate: () => worker.terminate(),
  }
}

function startNodeWorker(): WorkerPort | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  const threads = process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined
  if (!threads) return undefined
  const worker = new threads.Worker(new URL('./argon2Worker.ts', import.meta.url))
  return {
    post: (job) => worker.postMessage(job, [job.secret.buffer]),
    onMessage: (handle) => worker.on('message', handle as (value: never) => void),
    onError: (handle) => worker.on('error', handle),
    terminate: () => worker.terminate(),
  }
}
