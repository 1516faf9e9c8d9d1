import { createInterface } from 'node:readline/promises'
import type { ReadStream, WriteStream } from 'node:tty'
import { DeclinedError } from '../errors.ts'
import { readHiddenLine } from './hiddenLine.ts'

/** How a command talks to people: results go to `stdout`, everything else to `stderr`. */
export type Terminal = {
  /** Whether somebody sits at it. */
  readonly isInteractive: boolean
  /** Tells what is going on. */
  say(text: string): void
  /**
   * Asks before anything is sent.
   *
   * @throws {DeclinedError} when the answer is not yes, or nobody can answer.
   */
  confirm(question: string): Promise<void>
  /** Asks for a line. */
  ask(question: string): Promise<string>
  /** Asks for a line that is not shown; without a terminal it is the next line of the input. */
  askSecret(question: string): Promise<string>
}

/** The streams of a process. */
export type Streams = {
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>
  readonly stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY'>>
}

export function createTerminal(
  { stdin, stderr }: Streams,
  { isConfirmed, signal }: { isConfirmed: boolean; signal: AbortSignal },
): Terminal {
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true
  let lines: Promise<string[]> | undefined
  const nextLine = async (): Promise<string> => {
    lines ??= readLines(stdin)
    return (await lines).shift() ?? ''
  }
  const ask = async (question: string): Promise<string> => {
    if (!isInteractive) return nextLine()
    const asking = createInterface({ input: stdin, output: stderr })
    try {
      return await asking.question(question, { signal })
    } finally {
      asking.close()
    }
  }
  return {
    isInteractive,
    say: (text) => void stderr.write(`${text}\n`),
    async confirm(question) {
      if (isConfirmed) return
      if (!isInteractive) throw new DeclinedError(false)
      if (!/^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())) throw new DeclinedError(true)
    },
    ask,
    askSecret: (question) => (isInteractive ? readHiddenLine({ stdin, stderr }, question, signal) : nextLine()),
  }
}

async function readLines(stdin: NodeJS.ReadableStream): Promise<string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/)
}
