import type { Options, Values } from './io/arguments.ts'
import type { Terminal } from './io/terminal.ts'

/** What a command gets to work with. */
export type Context<options extends Options = Options> = {
  readonly values: Values<options & typeof commonOptions>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal
}

/** How a command ended. */
export type Outcome = {
  readonly exit: (typeof exitCodes)[keyof typeof exitCodes]
  /** For people. */
  readonly text: string
  /** For programs: the fields of the one document. */
  readonly json: Readonly<Record<string, unknown>>
}

/** What a process ends with. */
export const exitCodes = {
  done: 0,
  /** Something went wrong on the way; what was done is in the output. */
  failed: 1,
  /** Arguments or a file are not as they should be; nothing was changed. */
  usage: 2,
  /** It went well, and there is more to do: approvals to collect, a time to wait, transactions to send. */
  unfinished: 3,
  /** The question was answered with no. */
  declined: 4,
  interrupted: 130,
} as const

/** One command, or one of its forms. */
export type Command<options extends Options = Options> = {
  readonly name: string
  readonly summary: string
  /** The rest of the line, for the help. */
  readonly usage: string
  /** What to know about it. */
  readonly about: readonly string[]
  readonly options: options
  /** How many arguments without a name it takes. */
  readonly positionals?: number
  run(context: Context<options>): Promise<Outcome>
}

/** What every command takes. */
export const commonOptions = {
  json: { type: 'flag', help: 'print one JSON document instead of text' },
  yes: { type: 'flag', help: 'do not ask before sending or signing' },
  help: { type: 'flag', help: 'show this' },
} as const satisfies Options

/** Keeps the types of a command's options together. */
export function defineCommand<const options extends Options>(command: Command<options>): Command<options> {
  return command
}
