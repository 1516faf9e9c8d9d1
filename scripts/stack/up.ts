import { startStack } from './startStack.ts'

/** Starts the stack and keeps it up until Ctrl-C. */
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
})
const began = performance.now()
const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1).padStart(5)
await using stack = await startStack({ onProgress: (message) => console.log(`${seconds()} s  ${message}`) })
console.log(`${seconds()} s  ready\n${JSON.stringify(stack.info, null, 2)}`)
await Promise.race([stopped, stack.failed])
