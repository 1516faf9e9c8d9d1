import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const graceMs = 8_000
const pollMs = 50

export type GroupOptions = {
  environment: NodeJS.ProcessEnv
  /** Called with what the child prints; without it the output goes to the terminal. */
  onOutput?: ((text: string) => unknown) | undefined
  timeoutMs: number
}

export type GroupEnd = {
  /** Undefined when the group was stopped by us or a signal. */
  exitCode: number | undefined
  isTimedOut: boolean
  /** Commands of processes that were still alive after the child had ended; they have been ended. */
  leftovers: string[]
}

const running = new Set<ChildProcess>()

/** Runs a command in a process group of its own, so that it and all its descendants can be ended together. */
export async function runInGroup(command: string, args: string[], options: GroupOptions): Promise<GroupEnd> {
  const child = spawn(command, args, {
    env: options.environment,
    detached: true,
    stdio: ['ignore', options.onOutput ? 'pipe' : 'inherit', 'inherit'],
  })
  running.add(child)
  child.stdout?.setEncoding('utf8').on('data', options.onOutput ?? (() => {}))
  const cancelTimer = new AbortController()
  let isTimedOut = false
  delay(options.timeoutMs, undefined, { signal: cancelTimer.signal }).then(
    () => {
      isTimedOut = true
      return endGroup(child)
    },
    () => {},
  )
  try {
    const exitCode = await new Promise<number | undefined>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => resolve(code ?? undefined))
    })
    return { exitCode: isTimedOut ? undefined : exitCode, isTimedOut, leftovers: await sweep(child) }
  } finally {
    cancelTimer.abort()
    running.delete(child)
  }
}

/** Ends every group that is running: asks first, then insists. */
export async function endAllGroups(): Promise<void> {
  await Promise.all([...running].map(endGroup))
}

async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM')
  if (!(await isGroupGone(child, graceMs))) signalGroup(child, 'SIGKILL')
}

/** Waits a moment for a group whose leader has ended, then ends what is left and says what it was. */
async function sweep(child: ChildProcess): Promise<string[]> {
  if (await isGroupGone(child, 3_000)) return []
  const leftovers = groupMembers(child.pid)
  await endGroup(child)
  return leftovers
}

async function isGroupGone(child: ChildProcess, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(pollMs)) {
    if (groupMembers(child.pid).length === 0) return true
  }
  return groupMembers(child.pid).length === 0
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The commands of the living processes in a group. A zombie is not alive: it waits for its parent to read its end. */
export function groupMembers(group: number | undefined): string[] {
  if (group === undefined) return []
  if (process.platform !== 'linux') return isSignalable(group) ? [`process group ${group}`] : []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const status = readProcess(pid)
      return status?.group === group && status.state !== 'Z' ? [`${pid} ${status.command}`] : []
    })
}

function isSignalable(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

/** One line of /proc/<pid>/stat; undefined when the process ended meanwhile. */
function readProcess(pid: string): { command: string; state: string; group: number } | undefined {
  try {
    const [, command = '', state = '', group] =
      /^\d+ \((.*)\) (\S) \d+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { command, state, group: Number(group) }
  } catch {
    return undefined
  }
}
