import { argon2id as argon2idHere } from '@noble/hashes/argon2.js'
import { argon2id } from 'hash-wasm'
import type { StretchAnswer, StretchJob } from './stretchMessages.ts'

type Port = {
  postMessage(message: StretchAnswer, transfer: Transferable[]): void
  listen(handle: (job: StretchJob) => void): void
}

/** Passes over 4 MiB tell how fast this device is. */
const trial = { memoryKiB: 4_096, iterations: 1 }

const port = openPort()
port.listen((job) => {
  void stretch(job)
})
port.postMessage({ type: 'ready' }, [])

async function stretch({ secret, salt, memoryKiB, iterations }: StretchJob): Promise<void> {
  try {
    const options = { salt, parallelism: 1, hashLength: 32, outputType: 'binary' } as const
    const start = performance.now()
    try {
      await argon2id({ ...options, password: salt, memorySize: trial.memoryKiB, iterations: trial.iterations })
    } catch {
      // The page's rules allow no WebAssembly: slower, but the same.
      const onProgress = (done: number): void => port.postMessage({ type: 'progress', done }, [])
      const key = argon2idHere(secret, salt, { m: memoryKiB, t: iterations, p: 1, dkLen: 32, onProgress })
      port.postMessage({ type: 'done', key }, [key.buffer as ArrayBuffer])
      return
    }
    const share = (memoryKiB * iterations) / (trial.memoryKiB * trial.iterations)
    port.postMessage({ type: 'expected', milliseconds: (performance.now() - start) * share }, [])
    const key = await argon2id({ ...options, password: secret, memorySize: memoryKiB, iterations })
    port.postMessage({ type: 'done', key }, [key.buffer as ArrayBuffer])
  } catch (error) {
    port.postMessage({ type: 'failed', isMemory: error instanceof RangeError }, [])
  } finally {
    secret.fill(0)
  }
}

function openPort(): Port {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  const threads = process?.getBuiltinModule?.('node:worker_threads') as
    | {
        parentPort: {
          postMessage: Port['postMessage']
          on(event: 'message', handle: (job: StretchJob) => void): void
        } | null
      }
    | undefined
  const parent = threads?.parentPort
  if (parent)
    return {
      postMessage: (message, transfer) => parent.postMessage(message, transfer),
      listen: (handle) => parent.on('message', handle),
    }
  const scope = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>
  return {
    postMessage: (message, transfer) => scope.postMessage(message, transfer),
    listen: (handle) => scope.addEventListener('message', ({ data }) => handle(data)),
  }
}
