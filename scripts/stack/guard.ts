import { spawn } from 'node:child_process'

/**
 * Runs a command for as long as its own standard input is open. The stack holds the other end of that pipe, and the
 * kernel closes it however the stack ends, kill -9 included; so no process outlives the stack.
 */
const [command = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'] })
const GRACE_MS = 2000

function stop(): void {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
}

child.on('error', (error) => {
  console.error(`cannot run ${command}: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code, signal) => {
  if (signal) console.error(`${command} was ended by ${signal}`)
  process.exit(code ?? 1)
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
process.stdin.on('end', stop).on('error', stop).pipe(child.stdin)
child.stdin.on('error', () => process.stdin.unpipe().resume())
// Once the stack is gone nobody reads our output; writing into the void must not end the guard before its child.
for (const stream of [process.stdout, process.stderr]) stream.on('error', stop)
