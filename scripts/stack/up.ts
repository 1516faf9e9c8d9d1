import { parseArgs } from 'node:util'
import { startStack } from './startStack.ts'

/** Starts the stack and keeps it up until Ctrl-C: `node --conditions=@rekey/source scripts/stack/up.ts [--directory d] [--no-bundlers] [--sign-in]`. */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    directory: { type: 'string' },
    bundlers: { type: 'boolean', default: true },
    'sign-in': { type: 'boolean', default: false },
  },
})
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
})
const began = performance.now()
const say = (message: string): void => {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${message}`)
}
await using stack = await startStack({
  onProgress: say,
  hasBundlers: values.bundlers,
  signIn: values['sign-in'],
  ...(values.directory ? { directory: values.directory } : {}),
})
console.log(JSON.stringify(stack.info, null, 2))
say('ready')
await Promise.race([stopped, stack.failed])
