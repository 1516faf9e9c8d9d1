import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { ReportedTest } from '../../lib/results.ts'
import { switchOf } from '../schemata.ts'

export interface WorkerRequest {
  readonly coinbase: string
  /** Path of a test file in the project. */
  readonly test: string
  /** The test functions to run; all if empty. */
  readonly names: readonly string[]
  /** What each test may use. */
  readonly gas: number
}

export interface WorkerAnswer {
  readonly tests: readonly ReportedTest[]
}

/** A worker that ended by itself: it cannot compile, or a bug. */
export class WorkerError extends Error {
  override name = 'WorkerError'
}

/** Tests that are run together. */
export type TestUnit = Omit<WorkerRequest, 'coinbase'>

/** Runs tests of a breakable project with one mutant switched on, or none with number 0. */
export interface Tester {
  /** What the tests came to, or undefined if they did not end within `seconds`. */
  readonly run: (number: number, unit: TestUnit, seconds: number) => Promise<readonly ReportedTest[] | undefined>
  readonly stop: () => void
}

/** Compiles files of the project and what they import, in a process that gives its memory back. */
export async function buildProject(project: string, files: readonly string[]): Promise<void> {
  const worker = startWorker(project, ['build', ...files])
  const said = collect(worker)
  const code = await new Promise<number | null>((resolve) => worker.on('exit', resolve))
  if (code !== 0) throw new WorkerError(`${project} was not built:\n${said()}`)
}

/** Each run leaves megabytes behind. */
const RUNS_PER_WORKER = 200

/** A tester with a process of its own, which is replaced when a mutant never ends, and from time to time. */
export function startTester(project: string): Tester {
  let worker: ChildProcess | undefined
  let runs = 0
  const stop = (): void => {
    worker?.kill('SIGKILL')
    worker = undefined
  }
  return {
    stop,
    run: async (number, unit, seconds) => {
      runs += 1
      if (runs % RUNS_PER_WORKER === 0) stop()
      worker ??= startWorker(project, [])
      worker.send({ coinbase: switchOf(number), ...unit } satisfies WorkerRequest)
      const answer = await nextAnswer(worker, seconds)
      if (answer === undefined) stop()
      return answer?.tests
    },
  }
}

function startWorker(project: string, args: readonly string[]): ChildProcess {
  return fork(join(project, 'scripts/prove/mutants/worker.ts'), args, {
    cwd: project,
    env: { ...process.env, REKEY_SEED: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}

/** What a process writes to its standard error from now on. */
function collect({ stderr }: ChildProcess): () => string {
  let said = ''
  stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-8_000)
  })
  return () => said
}

function nextAnswer(worker: ChildProcess, seconds: number): Promise<WorkerAnswer | undefined> {
  const said = collect(worker)
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      worker.off('message', onAnswer)
      worker.off('exit', onExit)
      worker.stderr?.removeAllListeners('data')
      finish()
    }
    const onAnswer = (message: unknown): void => settle(() => resolve(message as WorkerAnswer))
    const onExit = (): void => settle(() => reject(new WorkerError(`The worker ended:\n${said()}`)))
    const timer = setTimeout(() => settle(() => resolve(undefined)), seconds * 1_000)
    worker.on('message', onAnswer)
    worker.on('exit', onExit)
  })
}
