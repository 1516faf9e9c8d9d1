import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ManagedProcess, type ProcessParameters, startProcess } from './managedProcess.ts'

/** A Node program that listens on loopback and whose clock follows the stack's. */
export type FollowingProcess = {
  readonly process: ManagedProcess
  readonly port: number
  /** Sets how far its clock is ahead of the machine's. */
  readonly setClockOffset: (seconds: number) => Promise<void>
}

type FollowingParameters = Omit<ProcessParameters, 'command' | 'args'> & {
  readonly script: string
  /** What the script is called with. */
  readonly args?: readonly string[]
}

const READY_MS = 60_000
const CLOCK_MS = 10_000

/** Starts a script of this repository; it is ready when it listens. */
export async function startFollowing({
  script,
  args = [],
  ...parameters
}: FollowingParameters): Promise<FollowingProcess> {
  const preloads = [...preload('loopback.ts'), ...preload('followClock.ts')]
  const whole = ['--conditions=@rekey/source', ...preloads, script, ...args]
  const program = startProcess({ ...parameters, command: process.execPath, args: whole })
  try {
    const [, port] = await program.waitForLine(/^listening on 127\.0\.0\.1:(\d+)$/, READY_MS)
    return { process: program, port: Number(port), setClockOffset: (seconds) => followClock(program, seconds) }
  } catch (error) {
    await program.stop()
    throw error
  }
}

/** Sets the clock of a process that was started with `followClock.ts`. */
export async function followClock(program: ManagedProcess, seconds: number): Promise<void> {
  const moved = program.waitForLine(new RegExp(`^clock is ${seconds} s ahead$`), CLOCK_MS)
  program.send(String(seconds))
  await moved
}

/** Arguments that have Node run a file of this folder before the program. */
export function preload(file: string): readonly string[] {
  return ['--import', pathToFileURL(path.join(import.meta.dirname, file)).href]
}
