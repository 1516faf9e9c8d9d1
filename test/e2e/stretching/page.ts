import { bytesToHex, type Hex, hexToBytes, stringToBytes } from 'viem'
import { allowOwnWorker } from '../../../apps/dialog/src/lib/trustedScripts.ts'
import { stretch } from '../../../sdk/src/passphrase/stretch.ts'
import { startWorker, type WorkerPort } from '../../../sdk/src/passphrase/worker.ts'

/** What the page is asked to derive. */
export type Task = {
  readonly normal: string
  readonly salt: Hex
  readonly memoryKiB: number
  readonly iterations: number
  /** Calls it off as soon as it is under way. */
  readonly isCalledOff?: boolean
}

/** How it went, and how it was for whoever used the page meanwhile. */
export type Outcome = {
  readonly key: Hex | undefined
  readonly error: string | undefined
  /** Kinds of messages of the worker, each once; none where no worker answered. */
  readonly heard: readonly string[]
  readonly progress: readonly number[]
  /** How often the page was painted. */
  readonly frames: number
  /** The longest that it was not, and all of it; in milliseconds. */
  readonly longestGap: number
  readonly duration: number
}

/** Derives by the SDK's own worker, as the dialog's pages do. */
async function derive({ normal, salt, memoryKiB, iterations, isCalledOff }: Task): Promise<Outcome> {
  const controller = new AbortController()
  const heard = new Set<string>()
  const progress: number[] = []
  const createWorker = (): WorkerPort | undefined => {
    const worker = startWorker()
    if (!worker) return undefined
    const onMessage: WorkerPort['onMessage'] = (handle) =>
      worker.onMessage((answer) => {
        heard.add(answer.type)
        handle(answer)
      })
    return { ...worker, onMessage }
  }
  const onProgress = (done: number): void => {
    progress.push(done)
    if (isCalledOff) controller.abort()
  }
  const watch = watchThread()
  const job = { secret: stringToBytes(normal), salt: hexToBytes(salt), memoryKiB, iterations }
  const result = await stretch(job, { createWorker, onProgress, signal: controller.signal }).then(
    (key) => ({ key: bytesToHex(key), error: undefined }),
    (error: unknown) => ({ key: undefined, error: String(Reflect.get(Object(error), 'code') ?? error) }),
  )
  return { ...result, ...watch(), heard: [...heard], progress }
}

/** Counts the frames that the page paints: what it does for its user goes between them. */
function watchThread(): () => Pick<Outcome, 'frames' | 'longestGap' | 'duration'> {
  const start = performance.now()
  let [last, frames, longestGap] = [start, 0, 0]
  const look = (): void => {
    const now = performance.now()
    longestGap = Math.max(longestGap, now - last)
    last = now
  }
  const onFrame = (): void => {
    frames += 1
    look()
    frame = requestAnimationFrame(onFrame)
  }
  let frame = requestAnimationFrame(onFrame)
  return () => {
    cancelAnimationFrame(frame)
    look()
    return { frames, longestGap, duration: last - start }
  }
}

allowOwnWorker()
Object.assign(globalThis, { derive })
