import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { StackError } from './errors.ts'

export type ManagedProcess = {
  readonly name: string
  readonly logFile: string
  /** Waits for a line of output. Rejects with the end of the log if the process ends or time runs out first. */
  readonly waitForLine: (pattern: RegExp, timeoutMs: number) => Promise<RegExpExecArray>
  /** Writes a line to its standard input. */
  readonly send: (line: string) => void
  /** Rejects when the process ends before it is stopped; never resolves. */
  readonly failed: Promise<never>
  readonly logTail: () => readonly string[]
  readonly stop: () => Promise<void>
}

export type ProcessParameters = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
}

type Waiter = { readonly pattern: RegExp; readonly resolve: (match: RegExpExecArray) => void }

const TAIL_LINES = 20
/** What children see of our environment: nothing that could change what they do. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot']

/** Starts a process under a guard, its output going to `logs/<name>.log` of the stack's directory. */
export function startProcess({ name, command, args, directory, environment }: ProcessParameters): ManagedProcess {
  const logFile = path.join(directory, 'logs', `${name}.log`)
  const inherited = Object.fromEntries(
    PASSED_ON.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  )
  // Its own process group: Ctrl-C in a terminal reaches the stack alone, which then stops things in order.
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, 'guard.ts'), command, ...args], {
    cwd: directory,
    detached: true,
    env: { ...inherited, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const waiters = new Set<Waiter>()
  const output = new PassThrough()
  guard.stdout.pipe(output, { end: false })
  guard.stderr.pipe(output, { end: false })
  output.pipe(createWriteStream(logFile))
  guard.stdin.on('error', () => guard.kill('SIGTERM'))
  createInterface({ input: output }).on('line', (line) => {
    lines.push(line)
    if (lines.length > TAIL_LINES) lines.shift()
    for (const waiter of waiters) {
      const match = waiter.pattern.exec(line)
      if (match) waiter.resolve(match)
    }
  })

  const logTail = (): readonly string[] => lines.filter((line) => line.trim() !== '')
  let isStopping = false
  const closed = new Promise<void>((resolve) => {
    guard.once('close', () => output.end(resolve))
  })
  const failed = closed.then(() =>
    isStopping
      ? new Promise<never>(() => {})
      : Promise.reject(new StackError(`${name} ended. Its log: ${logFile}`, logTail())),
  )
  failed.catch(() => {})

  return {
    name,
    logFile,
    failed,
    logTail,
    send: (line) => void guard.stdin.write(`${line}\n`),
    waitForLine: (pattern, timeoutMs) => {
      const seen = lines.map((line) => pattern.exec(line)).find((match) => match !== null)
      if (seen) return Promise.resolve(seen)
      return new Promise<RegExpExecArray>((resolve, reject) => {
        const forget = (): void => {
          clearTimeout(timer)
          waiters.delete(waiter)
        }
        const waiter: Waiter = {
          pattern,
          resolve: (match) => {
            forget()
            resolve(match)
          },
        }
        const timer = setTimeout(
          () =>
            reject(new StackError(`${name} was not ready after ${timeoutMs / 1000} s. Its log: ${logFile}`, logTail())),
          timeoutMs,
        )
        waiters.add(waiter)
        failed.catch(reject)
        void closed.then(forget)
      })
    },
    stop: () => {
      isStopping = true
      guard.stdin.end()
      return closed
    },
  }
}
