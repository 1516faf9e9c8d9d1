import type { ChildProcess } from 'node:child_process'
import type { Machine, Run } from './rekeyCommand.ts'

/** A page that the `rekey` command serves until it is stopped. */
export type ServedPage = {
  /** What the command told its user to open. */
  readonly link: string
  /** Ends it by Ctrl-C. */
  readonly stop: () => Promise<Run>
}

/** Runs the command until it serves its page; one that ends before that is an error. */
export async function startPage(machine: Machine, args: readonly string[]): Promise<ServedPage> {
  let child: ChildProcess | undefined
  let run: Promise<Run> | undefined
  const link = await new Promise<string>((resolve, reject) => {
    const onStderr = (seen: string, started: ChildProcess): void => {
      child = started
      const [, shown] = /^ {2}(http:\/\/localhost:\d+\/\S*)\n/m.exec(seen) ?? []
      if (shown !== undefined) resolve(shown)
    }
    run = machine.run(args, { onStderr })
    run.then(({ exit, stdout, stderr }) => reject(new Error(`It ended with ${exit}.\n${stderr}${stdout}`)), reject)
  })
  const running = run
  if (!child || !running) throw new Error('The command does not run.')
  return {
    link,
    stop: () => {
      child?.kill('SIGINT')
      return running
    },
  }
}
